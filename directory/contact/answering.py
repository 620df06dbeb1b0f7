"""Answering a contact request: from the desk, by the API or by mail, each time the same way."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from directory.contact import links, mails, services
from directory.contact.models import OPEN_STATES, ContactRequest, RequestState
from directory.conversations import mails as conversation_mails
from directory.conversations import said_again
from directory.conversations import services as conversations
from directory.conversations.models import ConversationEntry, Via
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.inbound.attachments import Attached
from wiq.submissions import services as submissions
from wiq.submissions.models import SUSPICIOUS


@transaction.atomic
def answer(
    submission: ContactRequest, *, text: str, actor: Actor, via: Via = Via.DESK,
    quoted: str = "", mail_digest: str = "", attached: Collection[Attached] = (),
) -> ConversationEntry:  # fmt: skip
    """Mail an answer to the resident; the request is answered, and in its writer's charge.

    The same words from the same person within minutes are one answer. Raises ValidationError for a
    text that is none, and where nobody can be answered.
    """
    request = submissions.locked(submission)
    again = said_again.just_answered(submission=request, text=text, actor=actor)
    if again is not None:
        return again
    entry = conversations.answered(
        submission=request, text=text, actor=actor, via=via, quoted=quoted,
        mail_digest=mail_digest, attached=attached,
    )  # fmt: skip
    message = conversation_mails.write_answer(
        request, entry, reply_to=reply_to(request), status_url=links.status_url(request)
    )
    conversations.mailed(submission=request, message=message)
    if isinstance(actor, models.Model):
        _take_unless_taken(request, actor)
    services.set_state(request, RequestState.ANSWERED, actor=actor)
    entry.refresh_from_db()
    return entry


def reply_to(request: ContactRequest) -> str:
    """Return where the resident's reply goes: to this request, else to the team's mailbox."""
    here = mails.reply_address(request)
    addresses = mails.recipients(request)
    return here or (addresses[0] if len(addresses) == 1 else "")


def _take_unless_taken(request: ContactRequest, account: Any) -> None:
    conversation = conversations.held(request)
    if conversation.assignee is None and conversations.is_colleague(account):
        conversations.assign(submission=request, to=account, actor=account)


@transaction.atomic
def reply(
    submission: ContactRequest, *, text: str, via: Via, quoted: str = "", mail_digest: str = "",
    sender: str = "",
) -> ConversationEntry:  # fmt: skip
    """Take what the resident adds: the request is the team's turn again.

    It goes back to whoever has it, else it is new. The team gets it by mail, as the request
    itself, under the name of whoever wrote it (``sender``, where that is somebody else). Raises
    ValidationError for a forgotten one.
    """
    request = submissions.locked(submission)
    if request.state == SUSPICIOUS:
        raise ValidationError(_("Diese Anfrage gibt es hier nicht."))
    again = said_again.just_said(submission=request, text=text) if via == Via.PAGE else None
    if again is not None:
        return again
    known = conversations.entry_of_mail(submission=request, mail_digest=mail_digest)
    if known is not None:
        return known
    entry = conversations.replied(
        submission=request, text=text, made_by=sender or services.RESIDENT, via=via, quoted=quoted,
        mail_digest=mail_digest,
    )  # fmt: skip
    occasion = "written" if sender else "added" if via == Via.PAGE else "replied"
    mails.write_follow_up(request, occasion, text=entry.text, sender=sender)
    # A stranger's address is erased at their wish; in steps and the log it would stay.
    _is_ours_again(request, actor=audit.SYSTEM if sender else services.RESIDENT)
    return entry


def _is_ours_again(request: ContactRequest, *, actor: Actor) -> None:
    """Give one that is answered or closed back to whoever has it; where nobody has, it is new."""
    if request.state not in (RequestState.ANSWERED, RequestState.CLOSED):
        return
    account = conversations.in_charge_of(conversations.held(request))
    state = RequestState.NEW if account is None else RequestState.TAKEN
    who = "" if account is None else account.email
    services.set_state(request, state, actor=actor, who=who)


@transaction.atomic
def take_up(submission: ContactRequest) -> ContactRequest:
    """Make a request that is answered or closed the team's turn again; others stay as they are."""
    request = submissions.locked(submission)
    _is_ours_again(request, actor=audit.SYSTEM)
    return request


@transaction.atomic
def settle(submission: ContactRequest) -> ContactRequest:
    """Close a request because its resident says that it is settled; the team is told if it waits.

    Pressed twice it does no harm.
    """
    request = submissions.locked(submission)
    waits = request.state in OPEN_STATES
    if not waits and request.state != RequestState.ANSWERED:
        return request
    closed = services.set_state(request, RequestState.CLOSED, actor=services.RESIDENT)
    if waits:
        mails.write_follow_up(closed, "settled")
    return closed


@transaction.atomic
def unsettle(submission: ContactRequest) -> ContactRequest:
    """Open again what its resident had closed; the team is told."""
    request = submissions.locked(submission)
    if request.state != RequestState.CLOSED:
        return request
    _is_ours_again(request, actor=services.RESIDENT)
    mails.write_follow_up(request, "unsettled")
    return request


@transaction.atomic
def assign(request: ContactRequest, *, to: Any, actor: Actor, text: str = "") -> ContactRequest:
    """Give a request to somebody of the team, or to nobody; one that is new is taken by that.

    ``text`` is a note for whoever gets it. Raises ValidationError.
    """
    held = submissions.locked(request)
    conversations.assign(submission=held, to=to, actor=actor, text=text)
    if to is not None and held.state == RequestState.NEW:
        return services.set_state(held, RequestState.TAKEN, actor=actor, who=to.email)
    if to is None and held.state == RequestState.TAKEN:
        return services.set_state(held, RequestState.NEW, actor=actor)
    if to is not None and held.state == RequestState.TAKEN:
        held.taken_by = to.email
        held.save(update_fields=["taken_by"])
    return held


@transaction.atomic
def join(*, kept: ContactRequest, joined: ContactRequest, actor: Actor) -> ContactRequest:
    """Join a second request of the same person to a first, and close it. Raises ValidationError."""
    # Always in the order of their numbers, so that two who join at once don't wait for each other.
    rows = {row.pk: submissions.locked(row) for row in sorted((kept, joined), key=lambda r: r.pk)}
    first, second = rows[kept.pk], rows[joined.pk]
    conversations.join(kept=first, joined=second, actor=actor)
    services.set_state(second, RequestState.CLOSED, actor=actor)
    return first
