"""A district's appearance: its logo and the picture on its start page."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django_tenants.utils import schema_context

from tenants.districts import services as districts
from tenants.districts.models import District
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.media.pictures import remove_file_after_commit
from wiq.media.waiting import Kept, keep_to_draw
from wiq.tenancy import PUBLIC

FOLDER = "district"
FIELDS = ("logo", "header_picture")


@transaction.atomic
def save_pictures(district: District, *, actor: Actor, **given: Any) -> District:
    """Keep new pictures of a district to be drawn, or delete old ones.

    ``logo`` and ``header_picture``: a file, or False to delete; any other value changes nothing.
    ``header_alt``: a description. Raises ValidationError for a file that is not a picture.
    """
    new: dict[str, Kept | None] = {}
    for field in FIELDS:
        file = given.get(field)
        if isinstance(file, UploadedFile):
            new[field] = keep_to_draw(file, FOLDER)
        elif file is False:
            new[field] = None
    return _put(district, new, given["header_alt"], actor=actor)


@transaction.atomic
def _put(district: District, new: dict[str, Kept | None], alt: str, *, actor: Actor) -> District:
    # Somebody who saves at the same moment waits, and then replaces the right old file.
    district = districts.locked(district)
    changes: dict[str, Any] = {"header_alt": alt}
    for field, kept in new.items():
        old = str(getattr(district, field).name or "")
        changes[field] = kept.name if kept else ""
        if kept and field == "header_picture":
            changes |= {"header_width": kept.width, "header_height": kept.height}
        if old:
            remove_file_after_commit(old)
    who = audit.for_platform(actor)
    with schema_context(PUBLIC):
        districts.update(district, actor=who, **changes)
    audit.record_change("district.updated", None, actor=actor, details={"fields": sorted(changes)})
    return district
