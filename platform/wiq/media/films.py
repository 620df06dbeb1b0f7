"""Checking uploaded films; only picture, sound and one still are kept."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from wiq.media.byte_ranges import ranged_response
from wiq.media.quota import check_room_for
from wiq.media.sandbox import run_sandboxed

BYTES_MAX = 60_000_000
SECONDS_MAX = 90
FOLDER = "videos"
KINDS = {".mp4": "video/mp4", ".webm": "video/webm"}


@dataclass(frozen=True)
class Film:
    """A rewritten film, in a folder that is deleted with it."""

    folder: "tempfile.TemporaryDirectory[str]"
    name: str
    seconds: int
    width: int
    height: int
    has_sound: bool

    @property
    def path(self) -> Path:
        return Path(self.folder.name) / self.name

    @property
    def poster(self) -> Path:
        return Path(self.folder.name) / "poster.jpg"


def rewritten(file: File) -> Film:
    """Rewrite a film in a separate process (wiq.media.remux).

    Raises ValidationError for a film that is too large, that browsers don't play, that is
    damaged, or that needs too much memory or time.
    """
    if (file.size or 0) > BYTES_MAX:
        raise ValidationError(_("Das Video ist zu groß (höchstens 60 MB)."))
    check_room_for(file.size or 0)
    folder = tempfile.TemporaryDirectory(prefix="wiq-film-")
    given = Path(folder.name) / "given"
    with given.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    found = _told_by_process(given, Path(folder.name))
    given.unlink()
    if "refused" in found:
        folder.cleanup()
        raise ValidationError(_reason(found["refused"]))
    return Film(
        folder, found["film"], found["seconds"], found["width"], found["height"], found["has_sound"]
    )


def _told_by_process(given: Path, folder: Path) -> dict[str, Any]:
    try:
        answer = run_sandboxed("wiq.media.remux", str(given), str(folder), seconds=SECONDS_MAX)
        found: dict[str, Any] = json.loads(answer)
    except (subprocess.SubprocessError, ValueError):
        return {"refused": "broken"}
    return found


def _reason(word: str) -> str:
    reasons = {
        "kind": _("Bitte nehmen Sie ein Video als MP4, MOV oder WebM."),
        "picture": _(
            "Nicht jeder Browser kann dieses Video zeigen. Bitte speichern Sie es als MP4 mit H.264. Beim iPhone heißt das: Einstellungen, Kamera, Formate, „Maximale Kompatibilität“."
        ),
        "sound": _(
            "Nicht jeder Browser kann den Ton dieses Videos abspielen. Bitte speichern Sie es als MP4 mit AAC."
        ),
    }
    return reasons.get(word, _("Diese Datei ist kein Video, das wir lesen können."))


def is_film(name: str) -> bool:
    """Tell whether a stored file is a film, by the extension that we gave it."""
    return Path(name).suffix in KINDS


def film_response(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a stored film, or the part of it that a browser asks for."""
    kind = KINDS.get(Path(name).suffix, "application/octet-stream")
    try:
        return ranged_response(request, name, content_type=kind)
    except FileNotFoundError:
        raise Http404 from None
