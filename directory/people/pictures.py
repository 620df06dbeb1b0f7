"""What a picture must be like before it is kept."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

BYTES_MAX = 5_000_000
PIXELS_MAX = 40_000_000
FORMATS = {"JPEG", "PNG", "WEBP"}


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
