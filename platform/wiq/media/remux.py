"""Rewriting one film, in a separate process with tight limits on memory and time.

Picture and sound are copied unchanged; everything else in the file (where, when and with which
phone it was taken, other tracks) is dropped. This process holds no database connection, no secret
and no other visitor's data. It is called with the film and an output folder, and prints one line of
JSON. Only wiq.media.films starts it.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

import av

from wiq.confinement import stay_beneath

MEMORY_MAX = 1 << 30
CPU_SECONDS = 40
FILE_MAX = 80_000_000
POSTER_PIXELS = (1600, 1600)
POSTER_AFTER = 2
# The films that browsers play: the demuxer for each, and the codecs it may contain.
KINDS: dict[str, tuple[str, set[str], set[str]]] = {
    "mp4": ("mov", {"h264", "av1"}, {"aac", "mp3"}),
    "webm": ("matroska", {"vp8", "vp9", "av1"}, {"opus", "vorbis"}),
}


class Refused(Exception):
    """The film can't be shown; the text is a one-word reason."""


def limit() -> None:
    """Limit the memory, time and disk space of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kind_of(head: bytes) -> str:
    """Return a film's kind by its first bytes: ISO base media (MP4, MOV) or WebM."""
    # Older cameras write MOV without a "ftyp" in front (QuickTime File Format, atoms).
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm"
    raise Refused("kind")


def opened(path: Path, kind: str) -> Any:
    """Open a film with the demuxer of its kind only: others may follow links to other files."""
    return av.open(path.open("rb"), format=KINDS[kind][0], metadata_errors="ignore")


def rewrite(path: Path, folder: Path) -> dict[str, Any]:
    """Write ``film.mp4`` (or ``.webm``) and ``poster.jpg``; return the film's data."""
    with path.open("rb") as file:
        kind = kind_of(file.read(12))
    _demuxer, pictures, sounds = KINDS[kind]
    with opened(path, kind) as given:
        video, audio = given.streams.best("video"), given.streams.best("audio")
        if video is None:
            raise Refused("kind")
        if video.codec_context.name not in pictures:
            raise Refused("picture")
        if audio is not None and audio.codec_context.name not in sounds:
            raise Refused("sound")
        streams = [stream for stream in (video, audio) if stream is not None]
        # What the file says of its length may be missing or wrong.
        seconds = int(copy(given, streams, folder / f"film.{kind}"))
    width, height = poster(path, kind, folder / "poster.jpg", min(POSTER_AFTER, seconds / 10))
    return {
        "film": f"film.{kind}", "seconds": max(seconds, 1), "width": width, "height": height,
        "has_sound": audio is not None,
    }  # fmt: skip


def copy(given: Any, streams: list[Any], target: Path) -> float:
    """Copy the packets of these streams, and nothing else; return how many seconds they last."""
    first, last = 0.0, 0.0
    # The index goes first, so that a browser can start with the first part.
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    container = target.suffix.removeprefix(".")
    with av.open(str(target), "w", format=container, options=options) as kept:
        taken = {stream.index: kept.add_stream_from_template(stream) for stream in streams}
        for stream in taken.values():
            stream.metadata.clear()
        for packet in given.demux(streams):
            if packet.dts is None:  # the demuxer's mark for the end of a stream
                continue
            if packet.pts is not None and packet.time_base is not None:
                begins = float(packet.pts * packet.time_base)
                first = min(first, begins)
                last = max(last, begins + float((packet.duration or 0) * packet.time_base))
            packet.stream = taken[packet.stream.index]
            kept.mux(packet)
    return last - first


def poster(path: Path, kind: str, target: Path, after: float) -> tuple[int, int]:
    """Save a frame from near the beginning as a picture; return the film's dimensions."""
    with opened(path, kind) as given:
        stream = given.streams.best("video")
        stream.thread_count = 1
        given.seek(int(after * av.time_base))
        frame = next(given.decode(stream))
        picture = frame.to_image()
        if frame.rotation:
            picture = picture.rotate(frame.rotation, expand=True)
    size: tuple[int, int] = picture.size
    picture.thumbnail(POSTER_PIXELS)
    picture.save(target, "JPEG", quality=82)
    return size


def told(path: Path, folder: Path) -> dict[str, Any]:
    """Rewrite a film; return its data, or why it is refused."""
    try:
        return rewrite(path, folder)
    except Refused as error:
        return {"refused": str(error)}
    except (av.FFmpegError, StopIteration, ValueError, OSError):
        return {"refused": "broken"}


if __name__ == "__main__":
    limit()
    # Its own folder, and what Python and FFmpeg may still load.
    stay_beneath([Path(sys.argv[2]), Path(sys.prefix), Path(sys.base_prefix)])
    sys.stdout.write(json.dumps(told(Path(sys.argv[1]), Path(sys.argv[2]))))
