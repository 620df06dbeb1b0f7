"""A district's appearance: its logo and the picture on its start page."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django_tenants.utils import schema_context

from tenants.districts import services as districts
from tenants.districts.models import District
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.media.pictures import Drawn, keep, redraw, remove_file_after_commit
from wiq.tenancy import PUBLIC

FOLDER = "district"
FIELDS = ("logo", "header_picture")


def save_pictures(district: District, *, actor: Actor, **given: Any) -> District:
    """Redraw and store new pictures of a district, or delete old ones.

    ``logo`` and ``header_picture``: a file, or False to delete; any other value changes nothing.
    ``header_alt``: a description. Raises ValidationError for a file that is not a picture.
    """
    new: dict[str, Drawn | None] = {}
    for field in FIELDS:
        file = given.get(field)
        if isinstance(file, UploadedFile):
            new[field] = redraw(file)
        elif file is False:
            new[field] = None
    return _put(district, new, given["header_alt"], actor=actor)


@transaction.atomic
def _put(district: District, new: dict[str, Drawn | None], alt: str, *, actor: Actor) -> District:
    # Somebody who saves at the same moment waits, and then replaces the right old file.
    district = districts.locked(district)
    changes: dict[str, Any] = {"header_alt": alt}
    for field, drawn in new.items():
        old = str(getattr(district, field).name or "")
        changes[field] = keep(drawn, FOLDER) if drawn else ""
        if drawn and field == "header_picture":
            changes |= {"header_width": drawn.width, "header_height": drawn.height}
        if old:
            remove_file_after_commit(old)
    who = audit.for_platform(actor)
    with schema_context(PUBLIC):
        districts.update(district, actor=who, **changes)
    audit.record_change("district.updated", None, actor=actor, details={"fields": sorted(changes)})
    return district
