"""Writing ideas: received, prepared and decided, with notes between bringer and team."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from directory.conversations import resident
from directory.conversations import services as conversations
from directory.ideas import mails
from directory.ideas.models import MOVES, Idea, IdeaState
from directory.people import short_names
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from directory.solutions.search import fold
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.submissions import services as submissions
from wiq.submissions.models import Origin, StepKind
from wiq.submissions.rules import check_answer, check_note
from wiq.submissions.services import Sent

BRINGER = "resident"


class WrongMove(ValidationError):
    """An idea can't move from its state to the requested one."""


def accept(values: dict[str, Any], *, sent: Sent) -> Idea:
    """Save an idea and write its mails; a repeat returns the first one.

    ``values`` come from a valid IdeaForm. Raises wiq.submissions.services.KeyReused.
    """
    return submissions.accept_once(Idea, lambda: _accept(values, sent), sent=sent, values=values)


@transaction.atomic
def _accept(values: dict[str, Any], sent: Sent) -> Idea:
    idea = submissions.kept(Idea, sent, made_by=BRINGER, **values)
    if not sent.is_suspicious:
        _write_first_mails(idea)
    return idea


def record_call(
    *, title: str, name: str, email: str, phone: str, description: str, actor: Actor,
    origin: Origin = Origin.PHONE,
) -> Idea:  # fmt: skip
    """Save an idea that somebody told on the telephone or at the door; pressed twice, it is one."""
    # Nobody ticked a box, so no acknowledgement is stored.
    who = {"name": name, "email": email, "phone": phone, "origin": origin}
    values = who | {"title": title, "description": description}
    sent, save = Sent(origin, network=name_of(actor)), partial(_record_call, values, actor)
    return submissions.accept_once(Idea, save, sent=sent, values=values)


@transaction.atomic
def _record_call(values: dict[str, Any], actor: Actor) -> Idea:
    made = Idea.objects.create(**values)
    submissions.add_step(made, StepKind.MOVE, made_by=name_of(actor))
    audit.record_change("idea.recorded", made, actor=actor)
    _write_first_mails(made)
    return made


@transaction.atomic
def continue_request(*, title: str, description: str, same: dict[str, Any], actor: Actor) -> Idea:
    """Save as an idea what came as a request; ``same`` is what it has in common with that.

    Nobody is mailed: the team has it before its eyes, and the resident was told it arrived.
    """
    made = Idea.objects.create(title=title, description=description, **same)
    submissions.add_step(made, StepKind.MOVE, made_by=BRINGER)
    audit.record_change("idea.from_request", made, actor=actor)
    return made


@transaction.atomic
def give_up(idea: Idea, *, actor: Actor) -> Idea:
    """Withdraw an idea that goes on as a request, without a mail to anybody. Raises WrongMove."""
    return _move(submissions.locked(idea), IdeaState.WITHDRAWN, note="", actor=actor)


def _write_first_mails(idea: Idea) -> None:
    mails.write_to_team(idea, "new")
    mails.write_to_bringer(idea, "received")


def _move(idea: Idea, state: IdeaState, *, note: str, actor: Actor) -> Idea:
    """Move a locked idea and add it to the history. Raises WrongMove."""
    if idea.state == IdeaState.SPAM:
        raise WrongMove(
            _("Diese Idee ist als Spam abgelegt. Bitte nehmen Sie sie erst dort heraus.")
        )
    if not idea.may_become(state):
        raise WrongMove(
            _("Diese Idee ist im Stand „%(now)s“. Von dort geht es nicht zu „%(wished)s“.")
            % {"now": idea.get_state_display(), "wished": state.label}
        )
    return submissions.move(idea, state, actor=actor, note=note)


def _tell(idea: Idea, note: str) -> None:
    """Mail to the bringer what is new, and keep with the newest entry which mail that was."""
    message = mails.write_to_bringer(idea, "moved", note=note)
    conversations.mailed(submission=idea, message=message)


@transaction.atomic
def begin_review(idea: Idea, *, actor: Actor, note: str = "") -> Idea:
    """Put an idea into review, for the first time or after an answer."""
    moved = _move(submissions.locked(idea), IdeaState.REVIEW, note=note.strip(), actor=actor)
    _tell(moved, note.strip())
    return moved


@transaction.atomic
def ask_back(idea: Idea, *, actor: Actor, note: str) -> Idea:
    """Ask the bringer before the decision. Raises ValidationError without a question."""
    question = check_note(note)
    moved = _move(submissions.locked(idea), IdeaState.NEEDS_INFO, note=question, actor=actor)
    _tell(moved, question)
    return moved


@transaction.atomic
def decide_for(idea: Idea, *, actor: Actor, note: str) -> Idea:
    """Accept an idea with the steering team's reason; create a draft of a solution team.

    Nothing that the bringer wrote gets into the draft by itself: people write what the public
    reads, and the bringer's mail asks (docs/decisions/0070-words-of-an-accepted-idea.md).
    """
    reason = check_note(note)
    locked = submissions.locked(idea)
    if not locked.may_become(IdeaState.ACCEPTED):
        return _move(locked, IdeaState.ACCEPTED, note=reason, actor=actor)
    locked.solution_team = solutions.create_team(
        actor=actor,
        slug=free_slug(f"idee {locked.reference}"),
        name=_("Aus der Idee %s") % locked.reference,
    )
    locked.save(update_fields=["solution_team"])
    moved = _move(locked, IdeaState.ACCEPTED, note=reason, actor=actor)
    _tell(moved, reason)
    return moved


@transaction.atomic
def decide_against(idea: Idea, *, actor: Actor, note: str) -> Idea:
    """Decline an idea, with the steering team's reason."""
    reason = check_note(note)
    moved = _move(submissions.locked(idea), IdeaState.DECLINED, note=reason, actor=actor)
    _tell(moved, reason)
    return moved


@transaction.atomic
def withdraw(idea: Idea, *, actor: Actor, note: str = "") -> Idea:
    """Withdraw an idea: by the bringer on the status page, or by a coordinator after a call."""
    moved = _move(submissions.locked(idea), IdeaState.WITHDRAWN, note=note.strip(), actor=actor)
    mails.write_to_team(moved, "withdrawn")
    return moved


@transaction.atomic
def take_back(idea: Idea) -> Idea:
    """Withdraw an idea for its bringer; the button pressed twice does no harm."""
    held = submissions.locked(idea)
    if held.state == IdeaState.WITHDRAWN:
        return held
    return withdraw(held, actor=BRINGER)


@transaction.atomic
def take_up_again(idea: Idea) -> Idea:
    """Bring back an idea that its bringer had withdrawn; the team is told."""
    held = submissions.locked(idea)
    if not resident.is_settled_by_resident(held):
        return held
    again = submissions.move(held, IdeaState.RECEIVED, actor=BRINGER)
    mails.write_to_team(again, "again")
    return again


MOVE: dict[str, Callable[..., Idea]] = {
    IdeaState.REVIEW: begin_review,
    IdeaState.NEEDS_INFO: ask_back,
    IdeaState.ACCEPTED: decide_for,
    IdeaState.DECLINED: decide_against,
    IdeaState.WITHDRAWN: withdraw,
}


@transaction.atomic
def write_to_bringer(idea: Idea, *, actor: Actor, note: str) -> Idea:
    """Write to the bringer, on the status page and by mail, without moving the idea."""
    text = check_note(note)
    locked = submissions.locked(idea)
    if locked.anonymised_at is not None:
        raise WrongMove(_("Die Angaben zu dieser Idee sind gelöscht. Niemand kann mehr antworten."))
    submissions.add_step(locked, StepKind.MESSAGE, note=text, made_by=name_of(actor))
    audit.record_change("idea.message", locked, actor=actor)
    _tell(locked, text)
    return locked


@transaction.atomic
def reply(idea: Idea, text: str) -> Idea:
    """Save the bringer's answer; an answer to a question puts the idea back into review.

    What the bringer had withdrawn is received again. Raises ValidationError for an empty answer,
    and if the idea is already decided.
    """
    text = check_answer(text)
    locked = submissions.locked(idea)
    if resident.is_settled_by_resident(locked):
        locked = submissions.move(locked, IdeaState.RECEIVED, actor=BRINGER)
    check_undecided(locked)
    state = IdeaState.REVIEW if locked.state == IdeaState.NEEDS_INFO else locked.state
    if submissions.take_answer(locked, text, state=state, made_by=BRINGER):
        mails.write_to_team(locked, "reply", note=text)
    return locked


def check_undecided(idea: Idea) -> None:
    """Raise WrongMove for an idea to which nothing can be added any more."""
    if idea.state not in (IdeaState.RECEIVED, IdeaState.REVIEW, IdeaState.NEEDS_INFO):
        raise WrongMove(_("Diese Idee ist schon entschieden."))


@transaction.atomic
def call_spam(idea: Idea, *, actor: Actor) -> Idea:
    """Mark an idea as spam. An erased one stays unchanged."""
    held = submissions.locked(idea)
    if held.state == IdeaState.SPAM or held.anonymised_at is not None:
        return held
    return submissions.move(held, IdeaState.SPAM, actor=actor)


@transaction.atomic
def call_no_spam(idea: Idea, *, actor: Actor) -> Idea:
    """Undo a wrong spam mark: the idea returns to its former state.

    Its first mails are written now if they never were. An erased idea stays unchanged, because
    nobody could answer it.
    """
    held = submissions.locked(idea)
    if held.state != IdeaState.SPAM or held.anonymised_at is not None:
        return held
    submissions.move(held, submissions.state_before_suspicion(held), actor=actor)
    if not submissions.was_mailed(held):
        _write_first_mails(held)
    return held


def free_slug(title: str) -> str:
    """Return an unused slug for a new solution team."""
    base = slugify(fold(title))[:70].strip("-") or "loesungsteam"
    taken = set(SolutionTeam.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= short_names.all_former(SolutionTeam)
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def anonymise(idea: Idea, *, actor: Any) -> None:
    """Erase an idea's bringer and all texts; the states of its history stay."""
    locked = submissions.locked(idea)
    if MOVES[locked.state]:
        # A person who asks for erasure expects no reply, and the team gets no mail about it.
        locked = _move(locked, IdeaState.WITHDRAWN, note="", actor=actor)
    _empty_draft(locked, actor=actor)
    submissions.anonymise(locked, actor=actor)


def _empty_draft(idea: Idea, *, actor: Any) -> None:
    """Remove the bringer's own words from a draft that nobody has edited yet."""
    team = idea.solution_team
    if team is None or team.is_public or team.challenge != idea.description[:4000]:
        return
    team.challenge = team.place = ""
    solutions.save(team, actor=actor)


@transaction.atomic
def anonymise_due(months: int) -> int:
    """Erase the personal part of ideas closed ``months`` ago; return how many there were."""
    due = Idea.objects.to_forget(months)
    for idea in due:
        anonymise(idea, actor=audit.SYSTEM)
    return len(due)
