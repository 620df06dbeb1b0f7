"""Sending again what did not arrive, to the same address or to a corrected one."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.mail import refused
from wiq.mail.models import Message
from wiq.mail.pace import domain_key
from wiq.outbox import services as outbox
from wiq.rooms import Registry

ACCOUNTS = "accounts."
# ``follows_corrections.py`` of the rooms: what else happens to a row whose address was corrected.
followers: Registry[Callable[[models.Model], None]] = Registry("follows_corrections")
OPENS_ACCOUNT = _(
    "Diese E-Mail öffnet ein Konto und geht nur an die Adresse, für die sie geschrieben ist."
)
CONFIRMED = _(
    "Die Person hat diese Adresse selbst bestätigt. Nur die Person kann eine andere Adresse angeben."
)


def may_be_readdressed(message: Message) -> bool:
    """Tell whether a mail may go to another address than it was written for.

    Mails of accounts may not: their links open accounts, and whoever corrects addresses must not
    get into somebody else's. A mistyped invitation is taken back and written anew.
    """
    return bool(message.about_type) and not message.about_type.startswith(ACCOUNTS)


@transaction.atomic
def send_again(message: Message, *, actor: Actor) -> Message:
    """Send an undelivered mail again, to the same address. Raises ValidationError."""
    held = _held(message)
    # Whoever sends it again says that the address is right.
    refused.lift_address(held.to, actor=actor)
    _restart([held])
    audit.record_event("message.sent_again", message, actor=actor)
    return message


@transaction.atomic
def correct_address(message: Message, address: str, *, actor: Actor) -> list[Message]:
    """Correct the address of an undelivered mail and send it; return what is sent.

    A mistyped address was mistyped once: what the mail is about (a request, an application) gets
    the new one as well if it holds the old one, and its other undelivered mails go there too.
    Raises ValidationError for an address that is none, and for mails of accounts.
    """
    held = _held(message)
    if not may_be_readdressed(held):
        raise ValidationError(OPENS_ACCOUNT)
    validate_email(address)
    old = held.to
    same = Message.objects.filter(
        about_type=held.about_type, about_id=held.about_id, to__iexact=old
    )
    wrong = _undelivered(same)
    _correct_source(held, old, address, actor)
    for one in wrong:
        one.to = address
        one.save(update_fields=["to"])
    _restart(wrong)
    audit.record_event("message.readdressed", held, actor=actor)
    return wrong


def _held(message: Message) -> Message:
    """Return the current row of an undelivered mail, locked. Raises ValidationError otherwise."""
    found = Message.objects.select_for_update().filter(pk=message.pk).first()
    if found is None or not _undelivered(Message.objects.filter(pk=message.pk)):
        raise ValidationError(_("Der Mailserver hat diese E-Mail schon angenommen."))
    return found


def _undelivered(mails: models.QuerySet[Message]) -> list[Message]:
    found = list(mails.filter(sent_at__isnull=True))
    pointers = outbox.pointers_of([one.uuid for one in found])
    return [
        one
        for one in found
        if one.uuid in pointers and pointers[one.uuid].state != outbox.State.SENT
    ]


def _restart(mails: list[Message]) -> None:
    pointers = outbox.pointers_of([one.uuid for one in mails])
    for one in mails:
        pointer = pointers[one.uuid]
        pointer.domain = domain_key(one.to)
        outbox.send_again(pointer)


def _correct_source(message: Message, old: str, address: str, actor: Actor) -> None:
    """Correct the address of what a mail is about, where it is the one that was mistyped."""
    model: Any = apps.get_model(message.about_type)
    if "email" not in {field.name for field in model._meta.fields}:
        return
    for row in model.objects.select_for_update().filter(pk=message.about_id, email__iexact=old):
        if getattr(row, "confirmed_at", None) is not None:
            raise ValidationError(CONFIRMED)
        row.email = address
        row.validate_constraints()
        row.save(update_fields=["email"])
        for follower in followers:
            follower(row)
        audit.record_change(
            f"{model._meta.model_name}.updated", row, actor=actor, details={"fields": ["email"]}
        )
