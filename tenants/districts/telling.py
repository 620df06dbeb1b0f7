"""What a district's state means for its coordination: in a mail, at the desk and in the guide."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import tenant_context

from tenants.districts.models import District, State
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.mail.writing import write_letter
from wiq.web.hosts import on_district

MEANS = {
    State.DRAFT: gettext_lazy(
        "Ihr Quartier ist noch nicht öffentlich. Was noch fehlt, zeigt der Leitfaden."
    ),
    State.PUBLISHED: gettext_lazy("Ihr Quartier ist öffentlich: Alle können seine Seiten sehen."),
    State.HIDDEN: gettext_lazy(
        "Ihr Quartier ist verborgen: Seine Seiten sind nicht zu sehen, bis Sie es im Leitfaden wieder veröffentlichen."
    ),
    State.SUSPENDED: gettext_lazy(
        "Das Projektteam hat Ihr Quartier gesperrt: Seine Seiten sind nicht zu sehen. Sie können hier trotzdem weiterarbeiten. Nur das Projektteam kann die Sperre aufheben."
    ),
    State.ARCHIVED: gettext_lazy(
        "Das Projektteam hat Ihr Quartier archiviert: Seine Seiten sind nicht mehr zu sehen. Alles darin ist noch da. Nur das Projektteam kann das Quartier wieder öffnen."
    ),
}  # fmt: skip
SUBJECTS = {
    State.DRAFT: gettext_lazy("Ihr Quartier ist wieder im Aufbau"),
    State.PUBLISHED: gettext_lazy("Ihr Quartier ist öffentlich"),
    State.HIDDEN: gettext_lazy("Ihr Quartier ist verborgen"),
    State.SUSPENDED: gettext_lazy("Ihr Quartier ist gesperrt"),
    State.ARCHIVED: gettext_lazy("Ihr Quartier ist archiviert"),
}


def means(district: District) -> str:
    """Return what the current state means for the coordination."""
    return str(MEANS[State(district.state)])


def tell_coordination(
    district: District, *, kind: str, subject: str, paragraphs: Sequence[str], button: str = ""
) -> None:
    """Mail everybody who coordinates a district; ``button`` leads to the desk."""
    with tenant_context(district), translation.override("de"):
        for user in User.objects.with_role(Role.COORDINATOR):
            write_letter(
                kind=kind, to=user.email, subject=subject, about=user, paragraphs=paragraphs,
                button=button, url=on_district("koordination:index") if button else "",
            )  # fmt: skip


def tell_of_state(district: District) -> None:
    """Mail the coordination that the project team changed the state, and why."""
    with translation.override("de"):
        paragraphs = [_("der Zustand Ihres Quartiers hat sich geändert."), means(district)]
        if district.state_note:
            paragraphs.append(_("Das Projektteam schreibt dazu: %s") % district.state_note)
        tell_coordination(
            district,
            kind="district.state",
            subject=str(SUBJECTS[State(district.state)]),
            paragraphs=paragraphs,
            button=_("Zur Koordination"),
        )
