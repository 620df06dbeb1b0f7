"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="mitnehmen",
        title=_("Alles mitnehmen"),
        about=_("Hier bekommen Sie Ihr Quartier als Datei. So haben Sie eine Kopie und können mit Ihrem Quartier umziehen."),
        how=_("Wählen Sie, ob persönliche Angaben in der Datei sein sollen, und laden Sie sie herunter. Bewahren Sie die Datei sicher auf."),
        pages=("export",),
        place=410,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
