"""Writing teams, seats, people, memberships and consents: checked, audited, in one transaction."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction

from directory.people import short_names
from directory.people.choices import ConsentBasis, ConsentScope
from directory.people.consents import Consent
from directory.people.dates import today
from directory.people.models import Membership, Person, Seat, Team
from tenants.districts import public_menu
from wiq.actors import Actor
from wiq.audit import records
from wiq.audit import services as audit
from wiq.erasures import services as erasures
from wiq.media.pictures import remove_file_after_commit
from wiq.media.waiting import keep_picture_alone

Model = TypeVar("Model", bound=models.Model)


@transaction.atomic
def save(instance: Model, *, actor: Actor) -> Model:
    """Check and save a new or changed object of this room, and record who did it.

    Raises ValidationError if the object breaks a rule of its model.
    """
    # A withdrawal date in the form has the same effect as the desk's "Widerruf eintragen".
    withdrawing = isinstance(instance, Consent) and instance.withdrawn_on and _in_force(instance)
    if isinstance(instance, Person):
        instance.full_clean()
        keep_picture_alone(instance, "portrait")
    with short_names.keeping(instance) if isinstance(instance, Team) else nullcontext():
        records.save(instance, actor=actor)
    if isinstance(instance, Consent) and withdrawing:
        _withdraw_all_like(instance, actor=actor)
    if isinstance(instance, Team):
        public_menu.note()
    return instance


@transaction.atomic
def remove(instance: models.Model, *, actor: Actor) -> None:
    """Delete an object of this room (a person with the portrait), and record who did it."""
    if isinstance(instance, Person) and instance.portrait:
        remove_file_after_commit(str(instance.portrait.name))
    if isinstance(instance, Team):
        short_names.forget(instance)
    if isinstance(instance, Person):
        erasures.note("person", str(instance.pk))
    records.remove(instance, actor=actor)
    if isinstance(instance, Team):
        public_menu.note()


def create_team(*, actor: Actor, **fields: Any) -> Team:
    """Create a team. Raises ValidationError, for instance for a taken abbreviation."""
    return save(Team(**fields), actor=actor)


def create_seat(*, actor: Actor, **fields: Any) -> Seat:
    """Create a seat of a team."""
    return save(Seat(**fields), actor=actor)


def create_seats(seats: Sequence[Seat], *, actor: Actor) -> None:
    """Create many seats at once. Raises ValidationError."""
    records.save_new(seats, actor=actor)


def create_person(*, actor: Actor, **fields: Any) -> Person:
    """Create a person, who is not shown until a consent is recorded."""
    return save(Person(**fields), actor=actor)


def add_member(*, actor: Actor, **fields: Any) -> Membership:
    """Add a person to a team."""
    return save(Membership(**fields), actor=actor)


def record_consent(
    *,
    person: Person,
    actor: Actor,
    scope: ConsentScope | str = ConsentScope.PROFILE,
    basis: ConsentBasis | str = ConsentBasis.DECLARATION,
    given_on: date | None = None,
    given_how: str = "",
    text_version: str = "1",
) -> Consent:
    """Record a person's consent or, without a date, another page that already shows them."""
    consent = Consent(
        person=person,
        scope=scope,
        basis=basis,
        given_on=given_on,
        given_how=given_how,
        text_version=text_version,
    )
    return save(consent, actor=actor)


@transaction.atomic
def withdraw_consent(consent: Consent, *, actor: Actor) -> Consent:
    """Withdraw a consent: it stops having any effect at once.

    If it was already withdrawn, nothing changes, and newer consents stay valid.
    """
    if _in_force(consent):
        _withdraw_all_like(consent, actor=actor)
    consent.refresh_from_db()
    return consent


def _in_force(consent: Consent) -> bool:
    """Tell whether the stored consent, without unsaved changes, is not withdrawn yet."""
    return Consent.objects.filter(pk=consent.pk, withdrawn_on__isnull=True).exists()


def _withdraw_all_like(consent: Consent, *, actor: Actor) -> None:
    """Withdraw everything recorded for the same person and scope.

    A person's no also covers an older declaration and a record of another public page.
    """
    same = Consent.objects.filter(
        person=consent.person_id, scope=consent.scope, withdrawn_on__isnull=True
    )
    for recorded in same.select_for_update():
        recorded.withdrawn_on = today()
        recorded.save(update_fields=["withdrawn_on"])
        audit.record_change("consent.withdrawn", recorded, actor=actor)
        erasures.note("consent", str(recorded.pk))
