"""Writing applications: received, confirmed, asked back, decided."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.applications import mails
from tenants.applications.models import (
    OPEN_STATES,
    Application,
    ApplicationState,
    ApplicationStep,
)
from tenants.applications.rules import Checked
from tenants.provisioning import orders
from wiq.actors import Actor, name_of
from wiq.audit import records
from wiq.audit import services as audit
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.submissions import services as submissions
from wiq.submissions.models import Origin, StepKind
from wiq.submissions.rules import check_note

APPLICANT = "applicant"
# An address that nobody confirms was perhaps somebody else's.
UNCONFIRMED_DAYS = 7
KEPT_MONTHS = 6
TOO_OFTEN = gettext_lazy("Das war sehr oft hintereinander. Bitte warten Sie eine Minute.")


@transaction.atomic
def accept(checked: Checked, *, origin: Origin, is_spam: bool = False) -> Application:
    """Keep an application and ask for the proof of its address; spam is kept and mails nobody."""
    application = Application.objects.create(
        **checked.values(), origin=origin, privacy_acknowledged_at=timezone.now()
    )
    _add_step(application, StepKind.MOVE, made_by=APPLICANT)
    audit.record_change("application.received", application, actor=APPLICANT)
    if not is_spam:
        mails.write_confirmation(application)
    return application


def _add_step(
    application: Application, kind: StepKind, *, made_by: str, note: str = ""
) -> ApplicationStep:
    step = ApplicationStep(
        application=application, kind=kind, state=application.state, note=note, made_by=made_by
    )
    records.tidy(step)
    step.full_clean()
    step.save()
    return step


def _locked(application: Application, *states: str) -> Application:
    """Return the application as it is now, held until the end of the transaction.

    Raises ValidationError where it is in none of these states.
    """
    locked: Application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.state not in states:
        raise _too_late(locked)
    return locked


def _too_late(application: Application) -> ValidationError:
    return ValidationError(
        _("Diese Bewerbung ist im Stand „%s“. Das geht jetzt nicht mehr.")
        % application.get_state_display()
    )


def _move(
    application: Application, state: ApplicationState, *, actor: Actor, note: str = ""
) -> Application:
    before, application.state = application.state, state
    if state not in OPEN_STATES:
        application.done_at = timezone.now()
    application.save(update_fields=["state", "done_at", "confirmed_at", "order"])
    who = name_of(actor)
    _add_step(application, StepKind.MOVE, note=note, made_by=who)
    details = {"from": str(before), "to": str(state)}
    audit.record_change("application.state", application, actor=actor, details=details)
    return application


@transaction.atomic
def confirm(application: Application) -> Application:
    """Note that whoever applied reads mail at the address; the project team is told."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
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
    """Keep what the applicant answers; the project team is told."""
    locked = _locked(application, *OPEN_STATES)
    locked.state = ApplicationState.SUBMITTED
    locked.save(update_fields=["state"])
    _add_step(locked, StepKind.REPLY, note=text, made_by=APPLICANT)
    audit.record_change("application.reply", locked, actor=APPLICANT)
    mails.write_to_project_team(locked, "reply", note=text)
    return locked


@transaction.atomic
def approve(
    application: Application, *, actor: Actor, note: str = "", slug: str = ""
) -> Application:
    """Approve an application: its district is ordered in the same moment.

    ``slug`` takes the place of the wished one. Raises ValidationError where it is decided already,
    or where the name has been taken meanwhile.
    """
    locked = _locked(application, *OPEN_STATES, ApplicationState.APPROVED)
    # Once more only where its order failed and left nothing; asked of what is locked.
    if locked.state == ApplicationState.APPROVED and not locked.has_failed:
        raise _too_late(locked)
    locked.order = orders.place(
        slug=slug or locked.slug, name=locked.district_name, city=locked.city,
        coordinator=locked.email, actor=actor,
    )  # fmt: skip
    moved = _move(locked, ApplicationState.APPROVED, actor=actor, note=note.strip())
    mails.write_to_applicant(moved, note=note.strip())
    return moved


@transaction.atomic
def decline(application: Application, *, actor: Actor, note: str) -> Application:
    """Decline an application, with the reason. Raises ValidationError without one."""
    reason = check_note(note)
    locked = _locked(application, *OPEN_STATES)
    moved = _move(locked, ApplicationState.DECLINED, actor=actor, note=reason)
    mails.write_to_applicant(moved, note=reason)
    return moved


@transaction.atomic
def anonymise(application: Application, *, actor: Any) -> None:
    """Forget who applied and why; that a quarter applied stays for the count."""
    submissions.anonymise(application, actor=actor)
    application.steps.update(note="", made_by="")


@transaction.atomic
def forget_due() -> int:
    """Forget what was decided months ago, and delete what nobody confirmed; return how many."""
    due = Application.objects.to_forget(KEPT_MONTHS)
    for application in due:
        anonymise(application, actor=audit.SYSTEM)
    old = timezone.now() - timedelta(days=UNCONFIRMED_DAYS)
    unconfirmed = Application.objects.filter(state=ApplicationState.UNCONFIRMED, created_at__lt=old)
    count = len(due) + unconfirmed.count()
    for application in unconfirmed:
        mail.forget(Message.objects.about(application))
        application.delete()
    return count
