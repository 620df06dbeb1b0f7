"""Writing applications: received, confirmed, asked back, decided."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.applications import mails
from tenants.applications.models import OPEN_STATES, Application, ApplicationState
from tenants.districts.models import District
from tenants.provisioning import coordinators, orders
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.submissions import services as submissions
from wiq.submissions.rules import check_answer, check_note
from wiq.submissions.services import Sent

APPLICANT = "applicant"
# An address that nobody confirms may be another person's.
UNCONFIRMED_DAYS = 7
KEPT_MONTHS = 6


def accept(values: dict[str, Any], *, sent: Sent) -> Application:
    """Save an application and ask to confirm its address; a repeat returns the first one.

    ``values`` come from a valid ApplicationForm. If the address had got enough mails at first, a
    repeat asks again.
    """
    found = submissions.accept_once(
        Application, lambda: _accept(values, sent), sent=sent, values=values
    )
    if found.state == ApplicationState.UNCONFIRMED and mails.is_withheld(found):
        with transaction.atomic():
            mails.write_confirmation(found)
    return found


@transaction.atomic
def _accept(values: dict[str, Any], sent: Sent) -> Application:
    application = submissions.kept(Application, sent, made_by=APPLICANT, **values)
    if not sent.is_suspicious:
        mails.write_confirmation(application)
    return application


def _locked(application: Application, *states: str) -> Application:
    """Return the current application, locked until the end of the transaction.

    Raises ValidationError if it is in none of these states.
    """
    held = submissions.locked(application)
    if held.state not in states:
        raise _too_late(held)
    return held


def _too_late(application: Application) -> ValidationError:
    return ValidationError(
        _("Diese Anmeldung ist im Stand „%s“. Das geht jetzt nicht mehr.")
        % application.get_state_display()
    )


def _move(
    application: Application, state: ApplicationState, *, actor: Actor, note: str = ""
) -> Application:
    return submissions.move(
        application, state, actor=actor, note=note, also=("confirmed_at", "order")
    )


@transaction.atomic
def confirm(application: Application) -> Application:
    """Confirm the applicant's address, and tell the project team about the application."""
    locked = submissions.locked(application)
    if locked.state != ApplicationState.UNCONFIRMED:
        return locked
    locked.confirmed_at = timezone.now()
    moved = _move(locked, ApplicationState.SUBMITTED, actor=APPLICANT)
    mails.write_to_project_team(moved, "new")
    return moved


@transaction.atomic
def ask_back(application: Application, *, actor: Actor, note: str) -> Application:
    """Ask the applicant something. Raises ValidationError without a question."""
    question = check_note(note)
    locked = _locked(application, *OPEN_STATES)
    moved = _move(locked, ApplicationState.ASKED_BACK, actor=actor, note=question)
    mails.write_to_applicant(moved, note=question)
    return moved


@transaction.atomic
def reply(application: Application, text: str) -> Application:
    """Save the applicant's answer and tell the project team.

    Raises ValidationError for an empty answer, and if the application is already decided.
    """
    text = check_answer(text)
    locked = _locked(application, *OPEN_STATES)
    state = ApplicationState.SUBMITTED
    if submissions.take_answer(locked, text, state=state, made_by=APPLICANT):
        mails.write_to_project_team(locked, "reply", note=text)
    return locked


@transaction.atomic
def approve(
    application: Application, *, actor: Actor, note: str = "", slug: str = ""
) -> Application:
    """Approve an application and order its district in the same transaction.

    ``slug`` replaces the requested one. Raises ValidationError if the application is already
    decided, or if the name has been taken meanwhile.
    """
    locked = _locked(application, *OPEN_STATES, ApplicationState.APPROVED)
    # A second approval is only for a failed order that left nothing; checked on the locked row.
    if locked.state == ApplicationState.APPROVED and not locked.has_failed:
        raise _too_late(locked)
    locked.order = orders.place(
        slug=slug or locked.slug, name=locked.district_name, city=locked.city,
        coordinator=locked.email, actor=actor,
    )  # fmt: skip
    moved = _move(locked, ApplicationState.APPROVED, actor=actor, note=note.strip())
    mails.write_to_applicant(moved, note=note.strip())
    return moved


def invite_again(application: Application) -> None:
    """Mail the applicant's invitation to the new district again. Raises ValidationError."""
    order = application.order
    made = District.objects.filter(pk=order.district_id).first() if order else None
    if made is None:
        raise _too_late(application)
    coordinators.invite_again(made, application.email, actor=APPLICANT)


@transaction.atomic
def decline(application: Application, *, actor: Actor, note: str) -> Application:
    """Decline an application, with the reason. Raises ValidationError without one."""
    reason = check_note(note)
    locked = _locked(application, *OPEN_STATES)
    moved = _move(locked, ApplicationState.DECLINED, actor=actor, note=reason)
    mails.write_to_applicant(moved, note=reason)
    return moved


@transaction.atomic
def call_spam(application: Application, *, actor: Actor) -> Application:
    """Mark an application as spam. A decided one stays unchanged."""
    held = submissions.locked(application)
    if held.state not in Application.WAITING or held.anonymised_at is not None:
        return held
    return _move(held, ApplicationState.SPAM, actor=actor)


@transaction.atomic
def call_no_spam(application: Application, *, actor: Actor) -> Application:
    """Undo a wrong spam mark: the application returns to its former state.

    The mail that confirms its address is written now if it never was. An erased application stays
    unchanged.
    """
    held = submissions.locked(application)
    if held.state != ApplicationState.SPAM or held.anonymised_at is not None:
        return held
    _move(held, ApplicationState(submissions.state_before_suspicion(held)), actor=actor)
    if not submissions.was_mailed(held):
        mails.write_confirmation(held)
    return held


@transaction.atomic
def forget_due() -> int:
    """Erase what was decided months ago, and delete what nobody confirmed; return how many."""
    due = Application.objects.to_forget(KEPT_MONTHS)
    for application in due:
        submissions.anonymise(application, actor=audit.SYSTEM)
    old = timezone.now() - timedelta(days=UNCONFIRMED_DAYS)
    unconfirmed = list(
        # Locked: one that is being confirmed at this moment stays.
        Application.objects.never_confirmed(old).select_for_update(of=("self",), skip_locked=True)
    )
    for application in unconfirmed:
        mail.forget(Message.objects.about(application))
        application.delete()
    return len(due) + len(unconfirmed)
