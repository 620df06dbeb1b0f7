"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="ideen",
        title=_("Ideen"),
        about=_("Hier stehen alle Ideen aus dem Quartier als Liste. Das Unterstützungsteam bereitet sie vor, das Steuerungsteam entscheidet."),
        how=_("Öffnen Sie eine Idee und nehmen Sie sie in Prüfung. Für eine Rückfrage oder Entscheidung schreiben Sie einen Satz dazu: Die Person bekommt ihn per E-Mail."),
        pages=("ideas_idea",),
        place=210,
        permission="ideas.view_idea",
    )
)  # fmt: skip
