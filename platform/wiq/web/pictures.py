"""What a picture must be like, and what is kept of it: the picture alone."""

import io
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from wiq.tenancy import connection

BYTES_MAX = 5_000_000
PIXELS_MAX = 40_000_000
FORMATS = {"JPEG", "PNG", "WEBP"}
KEPT_PIXELS = (1200, 1200)


def check_picture(file: UploadedFile) -> None:
    """Look into the file, whatever its name says. Raises ValidationError."""
    if (file.size or 0) > BYTES_MAX:
        raise ValidationError(_("Das Bild ist zu groß (höchstens 5 MB)."))
    try:
        with Image.open(file) as picture:
            width, height = picture.size
            kind = picture.format
    except (OSError, ValueError, Image.DecompressionBombError):
        raise ValidationError(_("Diese Datei ist kein Bild, das wir lesen können.")) from None
    finally:
        file.seek(0)
    if kind not in FORMATS:
        raise ValidationError(_("Bitte nehmen Sie ein Bild als JPEG, PNG oder WebP."))
    if width * height > PIXELS_MAX:
        raise ValidationError(_("Das Bild hat zu viele Bildpunkte (höchstens 40 Millionen)."))


def picture_alone(file: File) -> ContentFile:
    """Return the picture drawn anew, upright and in a size for pages.

    What a camera writes beside it (place, time, its number) stays behind, and so does whatever
    else was in the file. Raises ValidationError for a file whose inside is broken.
    """
    try:
        with Image.open(file) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError):
        raise ValidationError(_("Diese Datei ist kein Bild, das wir lesen können.")) from None
    upright.thumbnail(KEPT_PIXELS)
    content = io.BytesIO()
    upright.save(content, "JPEG", quality=85, optimize=True)
    return ContentFile(content.getvalue(), name=f"{secrets.token_hex(12)}.jpg")


def keep_picture_alone(instance: models.Model, field: str) -> None:
    """Draw a newly given picture anew, and remove the old file once the change is committed.

    To be called before the row is saved, in the same transaction.
    """
    picture = getattr(instance, field)
    if picture and not picture._committed:
        setattr(instance, field, picture_alone(picture.file))
    before = type(instance)._default_manager.filter(pk=instance.pk).values_list(field, flat=True)
    old = before.first()
    if old and old != getattr(instance, field).name:
        remove_file_after_commit(old)


def remove_file_after_commit(name: str) -> None:
    """Remove a stored file when the transaction that stops using it is committed."""
    # The folder is the district's: it has to be named now, while its schema is set.
    path = default_storage.path(name)
    transaction.on_commit(lambda: Path(path).unlink(missing_ok=True))


def file_at_the_desk(
    request: HttpRequest, schema: str, name: str, rows: models.QuerySet[Any], field: str
) -> FileResponse:
    """Give a stored picture to those who may view the rows it belongs to; else it is not there."""
    options = rows.model._meta
    user = request.user
    may_see = user.is_authenticated and user.has_perm(
        f"{options.app_label}.view_{options.model_name}"
    )
    if not may_see or schema != connection.schema_name:
        raise Http404
    if not rows.filter(**{field: name}).exists():
        raise Http404
    response = FileResponse(default_storage.open(name, "rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response
