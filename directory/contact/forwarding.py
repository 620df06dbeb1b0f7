"""Giving an open request to another team or a solution team of the district."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.contact import mails, services
from directory.contact.models import OPEN_STATES, ContactRequest, RequestState
from directory.conversations import services as conversations
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.submissions import services as submissions


@transaction.atomic
def forward(
    request: ContactRequest, *, to: Team | SolutionTeam, text: str, actor: Actor
) -> ContactRequest:
    """Address an open request to another team: it is mailed, and nobody is in charge any more.

    ``text`` is a note for the team, which its mail holds. Raises ValidationError for a team that
    is not public, the one that has it, and a request that is not open.
    """
    held = submissions.locked(request)
    check_open(held)
    if not type(to).objects.published().filter(pk=to.pk).exists():
        raise ValidationError(_("Dieses Team gibt es hier nicht."))
    if to in (held.team, held.solution_team):
        raise ValidationError(_("Die Anfrage ist schon bei diesem Team."))
    held.team = to if isinstance(to, Team) else None
    held.solution_team = to if isinstance(to, SolutionTeam) else None
    held.save(update_fields=["team", "solution_team"])
    words = _("Weitergegeben an „%s“.") % to
    note = text.strip()
    conversations.note(
        submission=held, text=f"{words}\n\n{note}" if note else words, actor=actor
    )  # fmt: skip
    audit.record_change("contactrequest.forwarded", held, actor=actor)
    if held.state == RequestState.TAKEN:
        held = services.set_state(held, RequestState.NEW, actor=actor)
    conversations.assign(submission=held, to=None, actor=actor)
    mails.write_team_mails(held, note=note)
    return held


def check_open(request: ContactRequest) -> None:
    """Raise ValidationError for a request that is done, suspicious or forgotten."""
    if request.state not in OPEN_STATES or request.anonymised_at is not None:
        raise ValidationError(_("Das geht nur, solange die Anfrage offen ist."))
