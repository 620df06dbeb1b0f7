"""What the help of the desk says about the folder."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="datenschutz",
        title=_("Mappe für den Datenschutz"),
        about=_("Hier liegen alle Unterlagen, die eine datenschutzbeauftragte Person sehen will. Sie entstehen aus Ihren Angaben und ändern sich mit ihnen."),
        how=_("Ergänzen Sie, was unter „Das fehlt noch“ steht. Lassen Sie die Dokumente prüfen und unterschreiben. Tragen Sie danach bei jedem ein, wer unterschrieben hat und wann."),
        pages=(
            *("desk_folder", "desk_folder_document", "desk_folder_pdf"),
            *("desk_folder_version", "desk_folder_version_pdf"),
        ),
        place=405,
        permission="accounts.view_invitation",
    )
)  # fmt: skip
