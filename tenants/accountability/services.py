"""Keeping versions of documents, and who signed them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.accountability.documents import CONTRACT, Document
from tenants.accountability.folder import Folder, sheets
from tenants.accountability.models import PLATFORM, Signature, SubProcessor, Version
from tenants.districts import services as districts
from tenants.districts.models import District
from wiq.actors import Actor
from wiq.audit import records
from wiq.audit import services as audit
from wiq.database.locks import one_at_a_time
from wiq.tenancy import PUBLIC


def sign(
    folder: Folder, document: Document, *, text: str, signed_by: str, signed_on: date, actor: Actor
) -> Signature:
    """Keep a document as it is and note who signed it and when; a contract's day is the district's.

    The same signature once more is the one that there is: a button is easily pressed twice. Raises
    ValidationError for a day to come or an empty name. Works in the public schema; the district's
    own log is written by the caller's ``note_signed``.
    """
    if signed_on > timezone.localdate():
        raise ValidationError(_("Dieser Tag kommt erst noch."))
    who = audit.for_platform(actor)
    with schema_context(PUBLIC), transaction.atomic():
        version = _kept(folder.number, document.key, text)
        made = Signature(version=version, signed_by=signed_by, signed_on=signed_on)
        records.tidy(made)
        records.check_years(made)
        made.full_clean()
        same = version.signatures.filter(signed_by=made.signed_by, signed_on=signed_on).first()
        if same is not None:
            return same
        made.save()
        details = {"document": document.key, "number": version.number}
        audit.record_event("folder.signed", version, actor=who, details=details)
        if document.key == CONTRACT and folder.number != PLATFORM:
            district = districts.locked_staying(District.objects.get(pk=folder.number))
            districts.update(district, actor=who, processing_agreement_on=signed_on)
    return made


def note_signed(signature: Signature, *, actor: Actor) -> None:
    """Note a signature in the current district's own log."""
    version = signature.version
    details = {"document": version.document, "number": version.number}
    audit.record_event("folder.signed", None, actor=actor, details=details)


def keep_changed(folder: Folder) -> int:
    """Keep what changed since it was last kept, with the day; return how many documents.

    What nobody ever signed is not kept: until then it is a draft.
    """
    count = 0
    for one in sheets(folder):
        if one.is_changed:
            with schema_context(PUBLIC), transaction.atomic():
                _kept(folder.number, one.document.key, one.text)
            count += 1
    return count


def forget_removed() -> int:
    """Delete the versions and signatures of districts that are gone; return how many."""
    known = District.objects.values("pk")
    gone = Version.objects.exclude(district=PLATFORM).exclude(district__in=models.Subquery(known))
    with transaction.atomic():
        Signature.objects.filter(version__in=gone).delete()
        return int(gone.delete()[0])


def _kept(number: int, key: str, text: str) -> Version:
    """Return the version that says this text: the latest one, or a new one after it."""
    one_at_a_time(f"folder:{number}:{key}")
    latest = Version.objects.of(number).filter(document=key).first()
    if latest is not None and latest.text == text:
        return latest
    following = latest.number + 1 if latest else 1
    return Version.objects.create(district=number, document=key, number=following, text=text)


def save(instance: SubProcessor, *, actor: Actor) -> SubProcessor:
    """Save a company that works for the platform. Raises ValidationError."""
    return records.save(instance, actor=actor)


def remove(instance: models.Model, *, actor: Actor) -> None:
    """Take a company off the list of those that work for the platform."""
    records.remove(instance, actor=actor)
