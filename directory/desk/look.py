"""What a district looks like: its logo and the picture on its start page."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django_tenants.utils import schema_context

from tenants.districts import services as districts
from tenants.districts.models import District
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC
from wiq.web.pictures import keep, remove_file_after_commit

FOLDER = "district"
FIELDS = ("logo", "header_picture")


@transaction.atomic
def save_pictures(district: District, *, actor: models.Model, **given: Any) -> District:
    """Keep new pictures of a district, drawn anew, or take old ones away.

    ``logo`` and ``header_picture``: a file, False for none, anything else leaves it as it is;
    ``header_alt``: what the picture shows. Raises ValidationError for a file that is no picture.
    """
    # Whoever saves at the same moment waits, and then knows which file is the old one.
    district = districts.locked(district)
    changes: dict[str, Any] = {"header_alt": given["header_alt"]}
    for field in FIELDS:
        file, old = given.get(field), str(getattr(district, field).name or "")
        if not isinstance(file, UploadedFile) and file is not False:
            continue
        changes[field] = ""
        if isinstance(file, UploadedFile):
            changes[field], drawn = keep(file, FOLDER)
            if field == "header_picture":
                changes |= {"header_width": drawn.width, "header_height": drawn.height}
        if old:
            remove_file_after_commit(old)
    who = audit.for_platform(actor)
    with schema_context(PUBLIC):
        districts.update(district, actor=who, **changes)
    audit.record("district.updated", None, actor=actor, details={"fields": sorted(changes)})
    return district
