"""What all submissions go through: accepted once, moved with reasons, erased in time."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wiq.actors import Actor, name_of
from wiq.audit import records
from wiq.audit import services as audit
from wiq.database.locks import one_at_a_time
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.rooms import Registry
from wiq.submissions.models import SUSPICIOUS, Origin, StepKind, Submission, SubmissionStep

Kept = TypeVar("Kept", bound=Submission)
# The same content within this time is a repeat: Back, a second click, a browser's retry.
REPEATED_WITHIN = timedelta(minutes=10)
# Later, the same words mean that somebody still waits.
SAME_ANSWER_WITHIN = timedelta(days=1)


class KeyReused(Exception):
    """An Idempotency-Key was used again with a different body."""


@dataclass(frozen=True)
class Sent:
    """How a submission reached us: the visitor's ``network``, a program's ``key``.

    ``showing`` says which showing of a form was sent, or which page: whatever is the same after a
    second press, a reload and Back. ``is_suspicious``: the honeypot caught it. It is kept without
    mailing anybody, because a browser may have filled in the honeypot for an honest sender.
    """

    origin: Origin
    network: str = ""
    key: str = ""
    showing: str = ""
    is_suspicious: bool = False


@dataclass(frozen=True)
class Follower:
    """What else happens, in the same transaction, when a submission goes on or is forgotten."""

    step: Callable[[Submission, SubmissionStep], None]
    forgotten: Callable[[Submission], None]


# ``follows_submissions.py`` of the rooms.
followers: Registry[Follower] = Registry("follows_submissions")


def digest(values: dict[str, Any]) -> str:
    """Return a fingerprint of the sent values, to recognise a repeat."""
    words = json.dumps(values, sort_keys=True, default=lambda row: row.pk)
    return hashlib.sha256(words.encode()).hexdigest()


def accept_once(
    model: type[Kept], accept: Callable[[], Kept], *, sent: Sent, values: dict[str, Any]
) -> Kept:
    """Accept a submission, or return the one that it repeats.

    A repeat has the same Idempotency-Key or, without one, the same content from the same showing
    of a form, whenever and from wherever, or from the same network within ten minutes. Raises
    KeyReused if a key comes with different values.
    """
    if sent.key:
        return _once_by_key(model, accept, key=sent.key, fingerprint=digest(values))
    if not (sent.network or sent.showing):
        return accept()
    # A suspicious first try must not swallow an honest second one.
    return _once_by_content(model, accept, sent, f"{sent.is_suspicious} {digest(values)}")


def _once_by_key(
    model: type[Kept], accept: Callable[[], Kept], *, key: str, fingerprint: str
) -> Kept:
    """Of two at the same moment, the unique column accepts one; the other then finds it."""
    known = model._default_manager.filter(idempotency_key=key).first()
    if known is None:
        try:
            with transaction.atomic():
                accepted = accept()
                accepted.idempotency_key = key
                accepted.idempotency_digest = fingerprint
                accepted.save(update_fields=["idempotency_key", "idempotency_digest"])
                return accepted
        except IntegrityError:
            known = model._default_manager.get(idempotency_key=key)
    if known.idempotency_digest != fingerprint:
        raise KeyReused
    return known


@transaction.atomic
def _once_by_content(
    model: type[Kept], accept: Callable[[], Kept], sent: Sent, content: str
) -> Kept:
    """Of two at the same moment, the second waits for the first and then finds it."""
    one_at_a_time(f"{model._meta.label} {_mark('content', content)}")
    near = _mark("repeat", f"{sent.network} {content}") if sent.network else ""
    # The unique column of programs' keys holds it, too; no program can make one up.
    key = f"showing:{_mark('showing', f'{sent.showing} {content}')}" if sent.showing else None
    since = timezone.now() - REPEATED_WITHIN
    same = Q(repeat_digest=near or None, created_at__gt=since)
    known = model._default_manager.filter(same | Q(idempotency_key=key or "")).first()
    if known is not None:
        return known
    accepted = accept()
    accepted.repeat_digest, accepted.idempotency_key = near, key
    accepted.save(update_fields=["repeat_digest", "idempotency_key"])
    return accepted


def showing(seen_from: str) -> str:
    """Return the mark of a form shown today to a network.

    The same after Back, for which a browser may ask for the page anew; sent from elsewhere or on
    another day it is still the one that was shown.
    """
    return _mark("shown", f"{seen_from} {timezone.localdate()}")[:32]


def _mark(purpose: str, words: str) -> str:
    return salted_hmac(f"wiq.submissions.{purpose}", words, algorithm="sha256").hexdigest()


def kept(model: type[Kept], sent: Sent, *, made_by: str, **values: Any) -> Kept:
    """Save a new submission with the first entry of its history, and record it.

    A suspicious one is closed at once: nobody waits for a reply.
    """
    now = timezone.now()
    state: dict[str, Any] = {"state": SUSPICIOUS, "done_at": now} if sent.is_suspicious else {}
    row = model._default_manager.create(
        **values, **state, origin=sent.origin, privacy_acknowledged_at=now
    )
    add_step(row, StepKind.MOVE, made_by=made_by)
    audit.record_change(f"{model._meta.model_name}.accepted", row, actor=made_by)
    return row


def locked(submission: Kept) -> Kept:
    """Return the current row, locked until the transaction ends."""
    rows = type(submission)._default_manager.select_for_update(of=("self",))
    found: Kept = rows.get(pk=submission.pk)
    return found


def add_step(
    submission: Submission, kind: StepKind, *, made_by: str, note: str = ""
) -> SubmissionStep:
    """Add an entry to the history: what happened, who did it, and why."""
    steps = submission.steps
    row: SubmissionStep = steps.model(
        **{steps.field.name: submission}, kind=kind, state=submission.state, note=note,
        made_by=made_by,
    )  # fmt: skip
    records.tidy(row)
    row.full_clean()
    row.save()
    for follower in followers:
        follower.step(submission, row)
    return row


def move(
    held: Kept, state: str, *, actor: Actor, note: str = "", also: tuple[str, ...] = ()
) -> Kept:
    """Move a locked row to a state, with an entry in its history and in the audit log.

    ``also`` names other changed columns to save. Each room checks which moves it allows.
    """
    before, held.state = str(held.state), state
    held.done_at = None if state in held.WAITING else timezone.now()
    held.save(update_fields=["state", "done_at", *also])
    add_step(held, StepKind.MOVE, note=note, made_by=name_of(actor))
    details = {"from": before, "to": str(state)}
    audit.record_change(f"{held._meta.model_name}.state", held, actor=actor, details=details)
    return held


def take_answer(held: Kept, text: str, *, state: str, made_by: str) -> bool:
    """Save the sender's answer to a locked row, which it puts into ``state``.

    One entry in the history says both, so that no reader sees the answer without the move.
    Returns False for a repeat, of which nobody is told: the same words as in the last entry, not a
    day old.
    """
    last = held.steps.order_by("pk").last()
    is_reply = last is not None and last.kind == StepKind.REPLY and last.note == text
    if is_reply and last.at > timezone.now() - SAME_ANSWER_WITHIN:
        return False
    if held.state != state:
        held.state = state
        held.save(update_fields=["state"])
    add_step(held, StepKind.REPLY, note=text, made_by=made_by)
    audit.record_change(f"{held._meta.model_name}.reply", held, actor=made_by)
    return True


def state_before_suspicion(held: Submission) -> str:
    """Return the state before a row became suspicious, or the first state if it always was."""
    # Replies move a submission as well, so every kind of entry counts.
    known = held.steps.exclude(state=SUSPICIOUS).order_by("-at", "-pk")
    last = known.values_list("state", flat=True).first()
    return last or str(type(held)().state)


def was_mailed(submission: Submission) -> bool:
    """Tell whether anybody was ever mailed about it."""
    return Message.objects.about(submission).exists()


@transaction.atomic
def anonymise(submission: Submission, *, actor: Actor) -> None:
    """Erase the sender and the text of a submission; the row stays for the statistics.

    Its mails hold the same text, so they are deleted too.
    """
    changed = submission.forget()
    submission.save(update_fields=changed)
    submission.steps.update(note="", made_by="")
    for follower in followers:
        follower.forgotten(submission)
    mail.forget(Message.objects.about(submission))
    audit.record_change(f"{submission._meta.model_name}.anonymised", submission, actor=actor)
