"""What a contact request must be like: one set of rules for the form and the API."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.contact.models import ASKED_FOR, RequestKind
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.submissions.rules import (
    check_all,
    check_email,
    check_language,
    check_message,
    check_name,
    check_phone,
    control_characters,
)


@dataclass(frozen=True)
class NewRequest:
    """What somebody sent, before anybody judged it."""

    name: str
    email: str
    phone: str
    message: str
    privacy_acknowledged: bool
    team: str = ""
    solution_team: str = ""
    kind: str = RequestKind.MESSAGE.value
    language: str = "de"


@dataclass(frozen=True)
class Checked:
    """A request that keeps the rules, tidied, with whom it is for."""

    name: str
    email: str
    phone: str
    message: str
    kind: str
    language: str
    team: Team | None
    solution_team: SolutionTeam | None

    def values(self) -> dict[str, object]:
        """Return what makes this request another one than the next."""
        return vars(self) | {
            "team": self.team and self.team.pk,
            "solution_team": self.solution_team and self.solution_team.pk,
        }


def check_team(slug: str) -> Team | None:
    """Return the published team of this district with that slug; none for an empty one."""
    if not slug:
        return None
    team: Team | None = None
    if not control_characters(slug):
        team = Team.objects.published().filter(slug=slug).first()
    if team is None:
        raise ValidationError(_("Dieses Team gibt es hier nicht."))
    return team


def check_solution_team(slug: str) -> SolutionTeam | None:
    """Return the public solution team with that slug; none for an empty one."""
    if not slug:
        return None
    team: SolutionTeam | None = None
    if not control_characters(slug):
        team = SolutionTeam.objects.published().filter(slug=slug).first()
    if team is None:
        raise ValidationError(_("Dieses Lösungsteam gibt es hier nicht."))
    return team


def check_kind(kind: str) -> str:
    """Return what a request is about. Raises ValidationError."""
    if kind not in ASKED_FOR:
        raise ValidationError(_("Dieses Anliegen kennen wir nicht."))
    return kind


def check(sent: NewRequest) -> Checked:
    """Return a tidied request.

    Raises ValidationError with a dict: each field's name and what to mend there.
    """
    found = check_all(
        (
            ("team", check_team, sent.team),
            ("solution_team", check_solution_team, sent.solution_team),
            ("kind", check_kind, sent.kind),
            ("name", check_name, sent.name),
            ("email", check_email, sent.email),
            ("phone", check_phone, sent.phone),
            ("message", check_message, sent.message),
        ),
        privacy_acknowledged=sent.privacy_acknowledged,
    )
    if found["team"] and found["solution_team"]:
        text = _("Bitte wählen Sie ein Team oder ein Lösungsteam, nicht beides.")
        raise ValidationError({"team": text})
    if found["kind"] == RequestKind.JOIN and found["solution_team"] is None:
        raise ValidationError({"kind": _("Wobei möchten Sie mitmachen?")})
    return Checked(language=check_language(sent.language), **found)
