"""Captions: uploaded as WebVTT or SRT, stored as WebVTT."""

import io
import re
from html import escape

import webvtt
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext as _
from webvtt.errors import MalformedCaptionError, MalformedFileError

BYTES_MAX = 200_000
# What SRT writers put around words and WebVTT knows as well; all else is text.
_MARKS = re.compile(r"(</?[biu]>)", re.IGNORECASE)
_FONT = re.compile(r"</?font\b[^<>]*>", re.IGNORECASE)


def captions_in(file: File) -> str:
    """Return the captions of a file as WebVTT. Raises ValidationError if there are none."""
    if (file.size or 0) > BYTES_MAX:
        raise ValidationError(_("Diese Datei ist zu groß für Untertitel."))
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValidationError(_not_read()) from None
    return tidied(text)


def tidied(text: str) -> str:
    """Return captions in either format as WebVTT, cue by cue.

    Notes, styles and regions are dropped (https://www.w3.org/TR/webvtt1/). Raises
    ValidationError for a text without any cue, or with a cue that ends before it starts.
    """
    text = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").splitlines())
    text = f"{text.strip()}\n"
    kind = "vtt" if text.startswith("WEBVTT") else "srt"
    try:
        cues = webvtt.from_buffer(io.BytesIO(text.encode()), format=kind).captions
    except (MalformedFileError, MalformedCaptionError, ValueError):
        raise ValidationError(_not_read()) from None
    if not cues:
        raise ValidationError(_not_read())
    blocks = []
    for cue in cues:
        if cue.start_in_seconds > cue.end_in_seconds:
            place = _("Bei %(time)s endet ein Untertitel, bevor er beginnt.") % {"time": cue.start}
            raise ValidationError(place)
        lines = [line for line in cue.lines if line.strip()]
        if kind == "srt":
            lines = [_in_webvtt(line) for line in lines]
        blocks.append(f"{cue.start} --> {cue.end}\n" + "\n".join(lines))
    return "WEBVTT\n\n" + "\n\n".join(blocks) + "\n"


def _in_webvtt(line: str) -> str:
    """Return a line of SRT as WebVTT writes it: & < > are characters there only when escaped."""
    parts = _MARKS.split(_FONT.sub("", line))
    return "".join(
        part.lower() if at % 2 else escape(part, quote=False) for at, part in enumerate(parts)
    )


def _not_read() -> str:
    return _("Darin finden wir keine Untertitel. Wir lesen WebVTT und SRT, in UTF-8.")
