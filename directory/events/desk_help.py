"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="termine",
        title=_("Termine"),
        about=_("Hier kündigen Sie an, wann sich Menschen treffen: einmal oder immer wieder. Die Termine stehen auf der Seite „Termine“ und beim Lösungsteam oder Team."),
        how=_("Legen Sie einen Termin an und sagen Sie, wie oft er wiederkommt. Fällt ein Tag aus oder ist er anders, öffnen Sie den Termin und verschieben Sie diesen Tag, oder sagen Sie ihn ab, mit einem kurzen Satz, warum."),
        pages=("events_event",),
        place=355,
    )
)  # fmt: skip
