"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="startpaket",
        title=_("Neues aus dem Startpaket"),
        about=_("Das Projektteam gibt Texte, Themen und Wörter weiter, die sich bewährt haben. Hier sehen Sie, was Sie davon noch nicht haben."),
        how=_("Lesen Sie es und drücken Sie „Übernehmen“ oder „Nicht übernehmen“. Was Sie selbst geändert haben, bleibt, wie es ist."),
        pages=("kit",),
        place=390,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
