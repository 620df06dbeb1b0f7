"""Checking uploaded pictures; only the picture itself is kept, in several sizes."""

import io
import json
import secrets
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from wiq.media.sandbox import run_sandboxed
from wiq.media.storage import DistrictStorage, FilesAway, district_files
from wiq.tenancy import connection

log = structlog.get_logger(__name__)
BYTES_MAX = 5_000_000
PIXELS_MAX = 40_000_000
# MPO: a JPEG followed by a second picture, as some phones take them; the first one is kept.
FORMATS = {"JPEG", "MPO", "PNG", "WEBP"}
# How a file of Apple's telephones begins (ISO/IEC 23008-12, brands).
HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# Drawing goes behind everything else on the machine, so it may have to wait; its own time is less.
SECONDS_MAX = 120
# A page waits for this.
LOOK_SECONDS = 45
# The folder of the smaller versions; each picture has a folder of its own name in it.
SMALLER = "smaller"
# The folder of pictures that are not drawn yet, under the names that they will have.
WAITING = "waiting"


def check_picture(file: UploadedFile) -> None:
    """Check the file's content, whatever its name says. Raises ValidationError."""
    if (file.size or 0) > BYTES_MAX:
        raise ValidationError(_("Das Bild ist zu groß (höchstens 5 MB)."))
    try:
        with Image.open(file) as picture:
            width, height = picture.size
            kind = picture.format
    except (OSError, ValueError, Image.DecompressionBombError):
        raise ValidationError(not_read(file)) from None
    finally:
        file.seek(0)
    if kind not in FORMATS:
        raise ValidationError(_("Bitte nehmen Sie ein Bild als JPEG, PNG oder WebP."))
    if width * height > PIXELS_MAX:
        raise ValidationError(
            _("Das Bild hat zu viele Bildpunkte. Höchstens 40 Millionen sind möglich.")
        )


def not_read(file: UploadedFile) -> str:
    """Return why a file can't be read as a picture, and the way out."""
    file.seek(0)
    head = file.read(12)
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        return _(
            "Dieses Bild hat das Format HEIC, das nicht jeder Browser zeigen kann. Bitte speichern Sie es als JPEG. Beim iPhone heißt das: Einstellungen, Kamera, Formate, „Maximale Kompatibilität“."
        )
    return _(
        "Diese Datei ist kein Bild, das wir lesen können. Bitte nehmen Sie JPEG, PNG oder WebP."
    )


@dataclass(frozen=True)
class Drawn:
    """A redrawn picture: the file to keep, its size, and the smaller versions by name."""

    ending: str
    content: bytes
    width: int
    height: int
    smaller: dict[str, bytes]


def redraw(file: File, ending: str = "") -> Drawn:
    """Redraw a picture in a separate process (wiq.media.redraw).

    This drops the camera's metadata (place, time, serial number) and everything else in the file.
    The format is the one that suits the picture, or ``ending`` (``.png``). Raises ValidationError
    for a file that is damaged or needs too much memory or time.
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


@dataclass(frozen=True)
class Outline:
    """What drawing will make of a picture."""

    ending: str
    width: int
    height: int


def look(file: File) -> Outline:
    """Read a picture to its end in a separate process, without drawing it.

    Raises ValidationError for a file that is damaged or needs too much memory or time.
    """
    file.seek(0)
    try:
        answer = run_sandboxed(
            "wiq.media.redraw", "look", content=file.read(), seconds=LOOK_SECONDS
        )
    except subprocess.SubprocessError:
        raise ValidationError(_("Diese Datei ist kein Bild, das wir lesen können.")) from None
    return Outline(**json.loads(answer))


def keep(drawn: Drawn, folder: str) -> str:
    """Store a redrawn picture in a folder; return its name there.

    The smaller versions are only stored if the transaction commits.
    """
    name: str = default_storage.save(
        f"{folder}/{secrets.token_hex(12)}{drawn.ending}", ContentFile(drawn.content)
    )
    keep_smaller_after_commit(name, drawn)
    return name


def keep_smaller_after_commit(name: str, drawn: Drawn) -> None:
    """Store the smaller versions of a picture after the transaction commits.

    If the storage is away by then, the picture itself is served in their place.
    """
    files = _files_here()

    transaction.on_commit(lambda: keep_smaller(files, name, drawn))


def keep_smaller(files: DistrictStorage, name: str, drawn: Drawn) -> None:
    """Store the smaller versions of a picture, or note that they are missing."""
    try:
        for small, content in drawn.smaller.items():
            files.save(f"{SMALLER}/{name}/{small}", ContentFile(content))
    except FilesAway as error:
        log.error("media.smaller_missing", file=name, error=str(error))


def _files_here() -> DistrictStorage:
    """Return the storage of this district, for use after the commit, when it is current no more."""
    return district_files().of(connection.schema_name)


def remove_file_after_commit(name: str) -> None:
    """Delete a stored file, of a picture in all sizes, after the transaction commits.

    If the storage is away by then, the night deletes it (``wiq.media.night``).
    """
    files = _files_here()

    def remove() -> None:
        try:
            files.delete(name)
            files.remove_all(f"{SMALLER}/{name}")
            files.delete(f"{WAITING}/{name}")
        except FilesAway as error:
            log.error("media.file_stays", file=name, error=str(error))

    transaction.on_commit(remove)
