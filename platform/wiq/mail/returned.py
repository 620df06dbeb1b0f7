"""Mails that come back: each finds its district by its return path alone, never by its content."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import get_tenant_model, schema_context, tenant_context

from wiq.mail import refused, return_paths
from wiq.mail.models import Message
from wiq.outbox import services as outbox
from wiq.outbox.failures import Failure
from wiq.outbox.models import Pointer
from wiq.outbox.verdicts import About
from wiq.reputation import services as reputation
from wiq.reputation.models import Kind
from wiq.tenancy import PUBLIC

_TOKEN = re.compile(rf"{return_paths.PREFIX}\+([a-z2-7]{{42}})@", re.IGNORECASE)
log = structlog.get_logger(__name__)


def take_back(token: str, failure: Failure) -> bool:
    """Note that the mail with this return path came back; tell whether that changed anything."""
    return _with_mail(token, lambda message: _take_back(message, failure))


def note_refused(message: Message | None, failure: Failure) -> None:
    """Count a mail that was refused at once like one that comes back later."""
    if message is not None and failure.about == About.RECIPIENT:
        refused.note(message.to, failure)
        reputation.note(Kind.BOUNCE)


def note_complaint(held: str) -> bool:
    """Note a complaint about the mail whose return path stands in a text; tell whether one does."""
    found = _TOKEN.search(held)
    return found is not None and _with_mail(found[1].lower(), _complained)


def _with_mail(token: str, do: Callable[[Message], bool]) -> bool:
    """Do something with the mail that a token was given to, in its schema, locked."""
    held = return_paths.uuid_in(token)
    pointer = Pointer.objects.filter(message_uuid=held).first() if held else None
    if pointer is None or held is None:
        return False
    if pointer.district_id is None:
        with schema_context(PUBLIC), transaction.atomic():
            return _of_token(held, token, do)
    district = get_tenant_model().objects.filter(pk=pointer.district_id).first()
    if district is None:
        return False
    with tenant_context(district), transaction.atomic():
        return _of_token(held, token, do)


def _of_token(held: uuid.UUID, token: str, do: Callable[[Message], bool]) -> bool:
    message = Message.objects.select_for_update().filter(uuid=held).first()
    if message is None or not return_paths.is_token_of(message, token):
        return False
    return do(message)


def _take_back(message: Message, failure: Failure) -> bool:
    pointer = outbox.pointers_of([message.uuid]).get(message.uuid)
    if pointer is None or not outbox.mark_returned(pointer, failure):
        return False
    message.sent_at, message.returned_at = None, timezone.now()
    message.save(update_fields=["sent_at", "returned_at"])
    refused.note(message.to, failure)
    reputation.note(Kind.BOUNCE)
    log.info("mail.returned", pointer=pointer.pk, reason=failure.reason)
    return True


def _complained(message: Message) -> bool:
    if refused.note_complaint(message.to):
        reputation.note(Kind.COMPLAINT)
    log.info("mail.complained", message=str(message.uuid))
    return True
