"""The mail about a new version of the kit, to the coordination of a district."""

from django.utils import translation
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.districts.models import State
from tenants.kit.models import KitVersion
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.mail.writing import write_letter
from wiq.tenancy import PUBLIC, connection
from wiq.web.hosts import on_district

TASK = "tenants.kit.tasks.announce"
# Nobody works in these districts, so nobody is told about a new version.
QUIET = (State.ARCHIVED, State.SUSPENDED, State.DELETED)


def write_news() -> int:
    """Tell the coordination of the current district; return how many were told."""
    if connection.tenant.state in QUIET:
        return 0
    with schema_context(PUBLIC):
        version = KitVersion.objects.current()
    if version is None:
        return 0
    coordinators = list(User.objects.with_role(Role.COORDINATOR))
    with translation.override("de"):
        for user in coordinators:
            write_letter(
                kind="kit.news",
                to=user.email,
                subject=_("Neues im Startpaket"),
                about=user,
                paragraphs=[
                    _("das Projektteam hat neue Texte und Vorlagen für Sie. Sehen Sie in Ruhe nach, was Sie davon brauchen können. Ihre eigenen Änderungen bleiben, wie sie sind."),
                ],
                quote=version.notes,
                button=_("Ansehen"),
                url=on_district("kit"),
            )  # fmt: skip
    return len(coordinators)
