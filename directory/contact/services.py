"""Writing contact requests: accepted together with their mails, moved from state to state."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.contact import mails
from directory.contact.models import OPEN_STATES, ContactRequest, RequestKind, RequestState
from directory.conversations import being_here
from directory.conversations import services as conversations
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.mail.models import Message
from wiq.outbox import services as outbox
from wiq.submissions import services as submissions
from wiq.submissions.models import Origin, StepKind
from wiq.submissions.services import Sent

RESIDENT = "resident"
BY_LINK = Sent(Origin.MAIL_LINK)
GONE = {
    "team": _("Dieses Team gibt es hier nicht mehr. An wen möchten Sie schreiben?"),
    "solution_team": _("Dieses Lösungsteam gibt es nicht mehr. An wen möchten Sie schreiben?"),
}
DATES = ("taken_at", "taken_by", "answered_at", "closed_at")


def accept(values: dict[str, Any], *, sent: Sent) -> ContactRequest:
    """Save a request and write its mails; a repeat returns the first one.

    ``values`` come from a valid ContactForm. Raises wiq.submissions.services.KeyReused.
    """
    return submissions.accept_once(
        ContactRequest, lambda: _accept(values, sent), sent=sent, values=values
    )


@transaction.atomic
def _accept(values: dict[str, Any], sent: Sent) -> ContactRequest:
    _hold_addressee(values)
    contact_request = submissions.kept(ContactRequest, sent, made_by=RESIDENT, **values)
    if not sent.is_suspicious:
        _write_first_mails(contact_request)
    return contact_request


def _hold_addressee(values: dict[str, Any]) -> None:
    """Hold the chosen team until the end. Raises ValidationError if it has just vanished."""
    for name, gone in GONE.items():
        chosen = values.get(name)
        if chosen is None:
            continue
        rows = type(chosen).objects.published().filter(pk=chosen.pk)
        if not rows.select_for_update(no_key=True, of=("self",)).exists():
            raise ValidationError({"team": gone})


def _write_first_mails(contact_request: ContactRequest) -> None:
    mails.write_team_mails(contact_request)
    mails.write_confirmation(contact_request)


def record_call(
    *, team: Team | None, name: str, email: str, phone: str, message: str, actor: Actor,
    origin: Origin = Origin.PHONE,
) -> ContactRequest:  # fmt: skip
    """Save what somebody said on the telephone or at the door, as if they had written it.

    Nobody ticked a box, so no acknowledgement is stored. Written down twice within minutes by the
    same person, it is one: the button was pressed twice.
    """
    values = {
        "team": team, "name": name, "email": email, "phone": phone, "message": message,
        "origin": origin,
    }  # fmt: skip
    return submissions.accept_once(
        ContactRequest,
        lambda: _record_call(values, actor),
        sent=Sent(origin, network=name_of(actor)),
        values=values,
    )


@transaction.atomic
def _record_call(values: dict[str, Any], actor: Actor) -> ContactRequest:
    contact_request = ContactRequest.objects.create(**values)
    submissions.add_step(contact_request, StepKind.MOVE, made_by=name_of(actor))
    audit.record_change("contactrequest.recorded", contact_request, actor=actor)
    _write_first_mails(contact_request)
    return contact_request


@transaction.atomic
def continue_idea(*, message: str, same: dict[str, Any], actor: Actor) -> ContactRequest:
    """Save as a request what came as an idea; ``same`` is what it has in common with that.

    Nobody is mailed: the team has it before its eyes, and the resident was told it arrived.
    """
    made = ContactRequest.objects.create(message=message, **same)
    submissions.add_step(made, StepKind.MOVE, made_by=RESIDENT)
    audit.record_change("contactrequest.from_idea", made, actor=actor)
    return made


@transaction.atomic
def send_mails_again(contact_request: ContactRequest, *, actor: Actor) -> int:
    """Retry the undelivered mails; return how many are being sent.

    If there was no address for the team mails at the time, they are written now. Nothing is
    mailed about spam or erased requests.
    """
    if contact_request.state == RequestState.SPAM or contact_request.anonymised_at is not None:
        return 0
    sent = list(Message.objects.about(contact_request))
    audit.record_change("contactrequest.mailed_again", contact_request, actor=actor)
    if not any(message.kind == mails.TEAM_KIND for message in sent):
        return len(mails.write_team_mails(contact_request))
    pointers = outbox.pointers_of([message.uuid for message in sent])
    waiting = [pointer for pointer in pointers.values() if pointer.state != outbox.State.SENT]
    for pointer in waiting:
        outbox.send_again(pointer)
    return len(waiting)


def report_change(
    team: SolutionTeam, message: str, *, who: str, sent: Sent = BY_LINK
) -> ContactRequest:
    """Save what a solution team reports as changed, so that the coordination can enter it.

    ``who`` is the address that got the question; the reply goes there. A repeat returns the first.
    """
    return submissions.accept_once(
        ContactRequest,
        lambda: _report_change(team, message, who),
        sent=sent,
        values={"team": team, "message": message, "who": who},
    )


@transaction.atomic
def _report_change(team: SolutionTeam, message: str, who: str) -> ContactRequest:
    reported = ContactRequest.objects.create(
        kind=RequestKind.CHANGE,
        solution_team=team,
        name=team.name[:120],
        email=who,
        message=message,
        origin=Origin.MAIL_LINK,
    )
    submissions.add_step(reported, StepKind.MOVE, made_by=audit.MAIL_LINK)
    audit.record_change("contactrequest.change_reported", reported, actor=audit.MAIL_LINK)
    mails.write_team_mails(reported)
    return reported


@transaction.atomic
def anonymise_due(months: int) -> int:
    """Erase the personal part of requests closed ``months`` ago; return how many there were."""
    due = ContactRequest.objects.to_forget(months)
    for contact_request in due:
        anonymise(contact_request, actor=audit.SYSTEM)
    return len(due)


@transaction.atomic
def anonymise(contact_request: ContactRequest, *, actor: Actor) -> None:
    """Erase sender and message. An open request is closed, because nobody could answer it."""
    held = submissions.locked(contact_request)
    if held.state in OPEN_STATES:
        held = set_state(held, RequestState.CLOSED, actor=actor)
    held.referrals.all().delete()
    submissions.anonymise(held, actor=actor)


@transaction.atomic
def set_state(
    contact_request: ContactRequest,
    state: RequestState | str,
    *,
    actor: Actor,
    who: str = "",
    only_from: Collection[str] = RequestState.values,
) -> ContactRequest:
    """Move a request to a state; store the time, and who took it over.

    Nothing changes if the request is already in that state (a button pressed twice does no harm),
    is in a state outside ``only_from``, or has been forgotten. Without an account, ``who`` is the
    address of the person who took it over.
    """
    held = submissions.locked(contact_request)
    if held.state == state or held.state not in only_from or held.anonymised_at:
        return held
    before, who = held.state, who or getattr(actor, "email", "")
    _set_dates(held, RequestState(state), who)
    submissions.move(held, RequestState(state), actor=actor, also=DATES)
    if state in (RequestState.TAKEN, RequestState.NEW):
        conversations.assign(
            submission=held,
            to=being_here.somebody_here(held.taken_by, actor=actor),
            actor=actor,
        )
    if before == RequestState.SPAM and not submissions.was_mailed(held):
        # The honeypot was wrong, so from now on this is a normal request.
        _write_first_mails(held)
    return held


def _set_dates(contact_request: ContactRequest, state: RequestState, who: str) -> None:
    """Store when a state is reached; going back clears the dates of later states."""
    now = timezone.now()
    contact_request.closed_at = now if state in (RequestState.CLOSED, RequestState.SPAM) else None
    if state == RequestState.ANSWERED:
        contact_request.answered_at = now
    elif state in (RequestState.NEW, RequestState.TAKEN):
        contact_request.answered_at = None
    if state == RequestState.TAKEN:
        contact_request.taken_at, contact_request.taken_by = now, who
    elif state == RequestState.NEW:
        contact_request.taken_at, contact_request.taken_by = None, ""
