"""Handing a letter on beyond the colleagues: to a team, another district, an authority.

A page of its own, so that the letter itself asks for no teams and districts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.contact import forwarding, referring
from directory.contact.models import OPEN_STATES, ContactRequest, ReferralState
from directory.conversations import authorities
from directory.desk.frame import desk_page, show
from directory.desk.letter_content import Letter, letter_of
from directory.desk.several import CHANGES
from directory.people.choices import TeamKind
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from tenants.districts.models import District
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account
from wiq.database.together import Wanted, read_together
from wiq.inbound import mailboxes
from wiq.submissions.models import SUSPICIOUS
from wiq.typed import row_number

KINDS: dict[str, type[Team] | type[SolutionTeam]] = {"team": Team, "loesungsteam": SolutionTeam}


@dataclass(frozen=True)
class Targets:
    """To whom a letter can go; empty where it can't."""

    teams: list[Team]
    solution_teams: list[SolutionTeam]
    districts: list[District]
    to_authority: bool


def targets(letter: Letter) -> Targets:
    """Return to whom a letter can go. Ideas go to an authority alone: a request is made first."""
    row = letter.submission
    to_authority = row.anonymised_at is None and row.state != SUSPICIOUS
    if not isinstance(row, ContactRequest) or row.state not in OPEN_STATES:
        return Targets([], [], [], to_authority)
    is_asked = row.referrals.filter(state__in=(ReferralState.ASKED, ReferralState.AGREED)).exists()
    may_ask = row.email and not is_asked
    teams, solution_teams = read_together([
        Wanted(Team.objects.published(), ("name", "kind", "abbreviation")),
        Wanted(SolutionTeam.objects.published(), ("name",)),
    ])  # fmt: skip
    return Targets(
        [team for team in teams.rows if not _has_it(team, row)],
        [team for team in solution_teams.rows if team.pk != row.solution_team_id],
        referring.other_districts() if may_ask else [],
        to_authority,
    )


def _has_it(team: Team, row: ContactRequest) -> bool:
    """Tell whether a team has a request already; what names no team is the support team's."""
    if row.team_id is None and row.solution_team_id is None:
        return team.kind == TeamKind.SUPPORT
    return bool(team.pk == row.team_id)


def to_team(letter: Letter, typed: Mapping[str, Any], actor: Any) -> str:
    """Hand a request to a team or solution team; return what the page says then."""
    kind, _dash, number = str(typed.get("ziel", "")).partition("-")
    model = KINDS.get(kind)
    found = model.objects.filter(pk=row_number(number)).first() if model else None
    if found is None:
        raise ValidationError(_("Bitte wählen Sie ein Team."))
    forwarding.forward(_request(letter), to=found, text=str(typed.get("text", "")), actor=actor)
    return _("Weitergegeben an „%s“. Das Team bekommt eine E-Mail.") % found


def to_district(letter: Letter, typed: Mapping[str, Any], actor: Any) -> str:
    """Ask whether a request may go to another district; return what the page says then."""
    number = str(typed.get("quartier", ""))
    found = next((d for d in referring.other_districts() if str(d.pk) == number), None)
    if found is None:
        raise ValidationError(_("Bitte wählen Sie ein Quartier."))
    referring.ask(_request(letter), to=found, text=str(typed.get("text", "")), actor=actor)
    return _("Wir haben die Person gefragt. Erst wenn sie zustimmt, geht die Anfrage weiter.")


def to_authority(letter: Letter, typed: Mapping[str, Any], actor: Any) -> str:
    """Write to an authority; return what the page says then."""
    authorities.write_to(
        submission=letter.submission, to=str(typed.get("an", "")),
        text=str(typed.get("text", "")), actor=actor,
    )  # fmt: skip
    return _("Die E-Mail an die Behörde ist unterwegs. Sie steht auch hier im Verlauf.")


def _request(letter: Letter) -> ContactRequest:
    if not isinstance(letter.submission, ContactRequest):
        raise ValidationError(_("Bitte machen Sie zuerst eine Anfrage daraus."))
    return letter.submission


ACTS: dict[str, Callable[[Letter, Mapping[str, Any], Any], str]] = {
    "an-team": to_team,
    "an-quartier": to_district,
    "an-stelle": to_authority,
}


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission=CHANGES)
def hand_on(request: DistrictRequest, reference: str) -> HttpResponse:
    """Show to whom a letter can go, and hand it on."""
    opened = letter_of(reference)
    back = reverse("desk_letter", args=[reference])
    if opened.conversation.joined_to is not None:
        return HttpResponseRedirect(back)
    error, status = "", 200
    if request.method == "POST":
        act = ACTS.get(request.POST.get("was", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act(opened, request.POST, account(request)))
            return HttpResponseRedirect(back)
        except ValidationError as refused:
            error, status = " ".join(refused.messages), 422
    context = {
        "nav": "inbox",
        "conversation": opened.conversation,
        "targets": targets(opened),
        "is_request": isinstance(opened.submission, ContactRequest),
        "submission": opened.submission,
        "error": error,
        "replies_come_here": mailboxes.is_open(),
        # Whoever asks once more asks the same.
        "authority": request.POST.get("an", "") or authorities.last_asked(opened.conversation),
        "was": request.POST.get("was", ""),
        "typed": request.POST,
    }
    return show(request, "desk/hand_on.html", context, status=status)
