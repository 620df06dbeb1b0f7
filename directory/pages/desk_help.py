"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="texte",
        title=_("Texte"),
        about=_("Hier ändern Sie die Texte Ihrer Seiten, das Glossar und die Vorlagen für Antworten. Was Sie speichern, steht gleich auf den Seiten."),
        how=_("Suchen Sie den Text, ändern Sie ihn und speichern Sie. In Vorlagen werden {name}, {nummer}, {quartier} und {ich} von selbst ausgefüllt."),
        pages=("pages_text",),
        place=360,
    )
)  # fmt: skip
