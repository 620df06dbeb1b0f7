"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="videos",
        title=_("Videos"),
        about=_("Hier liegen die Videos Ihres Quartiers, mit Untertiteln und Inhalt in Worten. Ohne beides können manche Menschen ein Video nicht verstehen."),
        how=_("Laden Sie den Film hoch, dann die Untertitel. Schreiben Sie in ein paar Sätzen, was zu sehen und zu hören ist."),
        pages=("videos_video",),
        place=370,
    )
)  # fmt: skip
