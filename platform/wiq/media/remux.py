"""Writing one film anew, in a process of its own that may use little and is soon ended.

Picture and sound are taken over as they are; what else lies in the file (where and when it was
taken, with which telephone, other tracks) stays behind. No database, no secret and no other
visitor is in this process. Called with the film and a folder for what comes out; answers with one
line of JSON. Started by wiq.media.films alone.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

import av

MEMORY_MAX = 1 << 30
CPU_SECONDS = 40
FILE_MAX = 80_000_000
POSTER_PIXELS = (1600, 1600)
POSTER_AFTER = 2
# Which films browsers play: the demuxer that reads one, and what may be inside.
KINDS: dict[str, tuple[str, set[str], set[str]]] = {
    "mp4": ("mov", {"h264", "av1"}, {"aac", "mp3"}),
    "webm": ("matroska", {"vp8", "vp9", "av1"}, {"opus", "vorbis"}),
}


class Refused(Exception):
    """The film can't be shown; the text is one word that says why."""


def limit() -> None:
    """Give this process a small allowance of memory, time and disk."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_MAX, FILE_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def kind_of(head: bytes) -> str:
    """Tell by its first bytes what a film is: ISO base media (MP4, MOV) or WebM."""
    if head[4:8] == b"ftyp":
        return "mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "webm"
    raise Refused("kind")


def opened(path: Path, kind: str) -> Any:
    """Open a film with the one demuxer of its kind: none that follows addresses to other files."""
    return av.open(path.open("rb"), format=KINDS[kind][0], metadata_errors="ignore")


def rewrite(path: Path, folder: Path) -> dict[str, Any]:
    """Write ``film.mp4`` (or ``.webm``) and ``poster.jpg``; return what is known of the film."""
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
        seconds = int((given.duration or 0) / av.time_base)
        copy(given, streams, folder / f"film.{kind}")
    width, height = poster(path, kind, folder / "poster.jpg", min(POSTER_AFTER, seconds / 10))
    return {
        "film": f"film.{kind}", "seconds": max(seconds, 1), "width": width, "height": height,
        "has_sound": audio is not None,
    }  # fmt: skip


def copy(given: Any, streams: list[Any], target: Path) -> None:
    """Take over the packets of some streams, and nothing else."""
    # The table of contents goes first, so that a browser can begin with the first part.
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    container = target.suffix.removeprefix(".")
    with av.open(str(target), "w", format=container, options=options) as kept:
        taken = {stream.index: kept.add_stream_from_template(stream) for stream in streams}
        for stream in taken.values():
            stream.metadata.clear()
        for packet in given.demux(streams):
            if packet.dts is None:  # the demuxer's sign that a stream is over
                continue
            packet.stream = taken[packet.stream.index]
            kept.mux(packet)


def poster(path: Path, kind: str, target: Path, after: float) -> tuple[int, int]:
    """Write a frame from near the beginning as a picture; return the size of the film."""
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
    """Write a film anew; return what is known of it, or why it is refused."""
    try:
        return rewrite(path, folder)
    except Refused as error:
        return {"refused": str(error)}
    except (av.FFmpegError, StopIteration, ValueError, OSError):
        return {"refused": "broken"}


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(told(Path(sys.argv[1]), Path(sys.argv[2]))))
