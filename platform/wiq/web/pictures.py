"""What a picture must be like, and what is kept of it: the picture alone."""

import io
import secrets

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

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
