"""The rules for contact requests, besides those for all submissions."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.contact.models import ASKED_FOR, RequestKind
from directory.people import access as teams
from directory.people.models import Team
from directory.solutions import access as solution_teams
from directory.solutions.models import SolutionTeam
from wiq.submissions import occasions
from wiq.submissions.occasions import Occasion
from wiq.submissions.rules import check_message, control_characters


def check_team(slug: str) -> Team | None:
    """Return the published team with this slug; None for an empty slug."""
    if not slug:
        return None
    team = None if control_characters(slug) else teams.published_or_none(slug)
    if team is None:
        raise ValidationError(_("Dieses Team gibt es hier nicht."))
    return team


def check_solution_team(slug: str) -> SolutionTeam | None:
    """Return the public solution team with this slug; None for an empty slug."""
    if not slug:
        return None
    team = None if control_characters(slug) else solution_teams.published_or_none(slug)
    if team is None:
        raise ValidationError(_("Dieses Lösungsteam gibt es hier nicht."))
    return team


def check_occasion(key: str) -> Occasion | None:
    """Return what one registers for, by its key; None for an empty one."""
    if not key:
        return None
    occasion = None if control_characters(key) else occasions.found(key)
    if occasion is None:
        raise ValidationError(_("Dazu kann man sich nicht mehr anmelden."))
    return occasion


def check_company(text: str) -> str:
    """Return with how many somebody comes, in however few words. Raises ValidationError."""
    if not text.strip():
        raise ValidationError(_("Bitte schreiben Sie, mit wie vielen Sie kommen."))
    return check_message(text, shortest=1)


def check_kind(kind: str) -> str:
    """Return the kind of a request. Raises ValidationError."""
    if kind not in ("", *ASKED_FOR):
        raise ValidationError(_("Wir kennen dieses Anliegen nicht."))
    return kind or RequestKind.MESSAGE.value
