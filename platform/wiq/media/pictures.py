"""What a picture must be like, and what is kept of it: the picture alone, in several sizes."""

import io
import json
import mimetypes
import secrets
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from PIL import Image

from wiq.media.sandbox import run_sandboxed

BYTES_MAX = 5_000_000
PIXELS_MAX = 40_000_000
# MPO: a JPEG with a second picture behind it, as telephones take them; the first one is kept.
FORMATS = {"JPEG", "MPO", "PNG", "WEBP"}
SECONDS_MAX = 45
# Where smaller ones lie: the storage's name of the picture is a folder there.
SMALLER = "smaller"


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


@dataclass(frozen=True)
class Drawn:
    """A picture drawn anew: the file that is kept, its size, and smaller ones by their name."""

    ending: str
    content: bytes
    width: int
    height: int
    smaller: dict[str, bytes]


def redraw(file: File, ending: str = "") -> Drawn:
    """Draw a picture anew in a process of its own (wiq.media.redraw).

    What a camera writes beside it (place, time, its number) stays behind, and so does whatever
    else was in the file. It is kept as what suits it, or as what ``ending`` says (``.png``). Raises
    ValidationError for a file whose inside is broken, or that asks for more memory or time than a
    picture needs.
    """
    file.seek(0)
    try:
        answer = run_sandboxed("wiq.media.redraw", ending, content=file.read(), seconds=SECONDS_MAX)
    except subprocess.SubprocessError:
        raise ValidationError(_("Diese Datei ist kein Bild, das wir lesen können.")) from None
    with zipfile.ZipFile(io.BytesIO(answer)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    width, height = json.loads(files.pop("size.json"))
    kept = next(name for name in files if name.startswith("picture."))
    return Drawn(Path(kept).suffix, files.pop(kept), width, height, files)


def keep(drawn: Drawn, folder: str) -> str:
    """Store a picture drawn anew in a folder; return its name there.

    A transaction that is rolled back takes the smaller ones with it.
    """
    name: str = default_storage.save(
        f"{folder}/{secrets.token_hex(12)}{drawn.ending}", ContentFile(drawn.content)
    )
    keep_smaller_after_commit(name, drawn)
    return name


def keep_smaller_after_commit(name: str, drawn: Drawn) -> None:
    """Store the smaller ones of a picture once the transaction that keeps it is committed."""
    folder = _folder_of_smaller(name)

    def store() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for small, content in drawn.smaller.items():
            (folder / small).write_bytes(content)

    transaction.on_commit(store)


def _folder_of_smaller(name: str) -> Path:
    # The folder is the district's: it has to be named while its schema is set.
    return Path(default_storage.path(f"{SMALLER}/{name}"))


def keep_picture_alone(instance: models.Model, field: str) -> None:
    """Draw a newly given picture anew, and remove the old file once the change is committed.

    To be called before the row is saved, in the same transaction.
    """
    picture = getattr(instance, field)
    if picture and not picture._committed:
        column = instance._meta.get_field(field)
        assert isinstance(column, models.FileField)
        folder = str(column.upload_to).rstrip("/")
        setattr(instance, field, keep(redraw(picture.file), folder))
    before = type(instance)._default_manager.filter(pk=instance.pk).values_list(field, flat=True)
    old = before.first()
    if old and old != getattr(instance, field).name:
        remove_file_after_commit(old)


def remove_file_after_commit(name: str) -> None:
    """Remove a stored picture in all its sizes when the transaction that ends it is committed."""
    path, smaller = Path(default_storage.path(name)), _folder_of_smaller(name)

    def remove() -> None:
        path.unlink(missing_ok=True)
        shutil.rmtree(smaller, ignore_errors=True)

    transaction.on_commit(remove)


def picture_response(request: HttpRequest, name: str, small: str = "") -> HttpResponseBase:
    """Give a stored picture, or a smaller one of it (``320.avif``) where there is one.

    A withdrawn picture is gone at once: nobody in between may keep it, and whoever kept it asks
    again each time. Where a smaller one is missing, the picture itself stands in.
    """
    etag = f'"{Path(name).stem}-{small}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    path = f"{SMALLER}/{name}/{small}" if small else name
    if not default_storage.exists(path):
        path = name
    if not default_storage.exists(path):
        raise Http404
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    if path.endswith(".avif"):  # not in the tables of every system
        kind = "image/avif"
    response = FileResponse(default_storage.open(path, "rb"), content_type=kind)
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    return response
