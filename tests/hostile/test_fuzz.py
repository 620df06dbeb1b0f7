"""Files that nobody would make on purpose: pictures, films, captions, districts. Clean refusals only.

A sample in the long proofs; by hand (`exhaustive`) for an hour, or WIQ_FUZZ_SECONDS.
"""

import io
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.videos import captions
from tenants.transfer.file_format import FileError
from tenants.transfer.sources import DistrictFile, Packed
from tests.hostile.test_redraw import photo
from wiq.media import films, pictures, quota

CAPTIONS = (
    b"WEBVTT\n\nSTYLE\n::cue { color: red }\n\n1\n00:00:01.000 --> 00:00:02.500 line:1\nHallo\n",
    b"1\r\n00:00:01,000 --> 00:00:02,500\r\nHallo\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nDu\r\n",
)


@cache
def a_film(container: str, codec: str) -> bytes:
    """Return a film of a few frames."""
    content = io.BytesIO()
    with av.open(content, "w", format=container) as made:
        stream: Any = made.add_stream(codec, rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _number in range(6):
            made.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        made.mux(stream.encode(None))
    return content.getvalue()


@cache
def a_district() -> bytes:
    """Return a ZIP with the names of a district's file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", '{"format": "wiq-district", "version": 1, "files": {}}')
        packed.writestr("district.json", '{"slug": "nord"}')
        packed.writestr("rows/people.person.jsonl", '{"slug": "ada"}\n')
    return content.getvalue()


def spoiled(whole: bytes) -> st.SearchStrategy[bytes]:
    """Return a file with some places changed, a part missing or doubled, or an end of its own."""

    def spoil(places: list[tuple[int, int]], cut: int, move: tuple[int, int], tail: bytes) -> bytes:
        content = bytearray(whole)
        for place, value in places:
            content[place % len(content)] = value
        start, length = move[0] % len(content), move[1]
        content[start:start] = content[start : start + length]
        return bytes(content[: cut % (len(content) + 1)] if cut else content) + tail

    byte = st.integers(0, 255)
    place = st.integers(0, len(whole) - 1) | st.integers(0, min(64, len(whole) - 1))
    return st.builds(
        spoil, st.lists(st.tuples(place, byte), max_size=12), st.just(0) | place,
        st.tuples(place, st.integers(0, 64)), st.just(b"") | st.binary(max_size=40),
    )  # fmt: skip


def read_picture(content: bytes) -> None:
    given_file = SimpleUploadedFile("x.jpg", content)
    pictures.check_picture(given_file)
    seen = pictures.look(given_file)
    made = pictures.redraw(ContentFile(content))
    assert (seen.width, seen.height) == (made.width, made.height)


def read_film(content: bytes) -> None:
    films.rewritten(ContentFile(content, name="x.mp4")).folder.cleanup()


def read_captions(content: bytes) -> None:
    captions.tidied(content.decode(errors="ignore"))


def read_district(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.zip"
        path.write_bytes(content)
        packed = Packed(path)
        packed.close()
        DistrictFile(path).close()


KINDS: dict[str, tuple[Callable[[bytes], None], list[Callable[[], bytes]]]] = {
    "pictures": (
        read_picture,
        [lambda kind=kind: photo(90, 60, kind=kind) for kind in ("JPEG", "PNG", "WEBP")],  # type: ignore[misc]
    ),
    "films": (
        read_film,
        [lambda: a_film("mp4", "libx264"), lambda: a_film("webm", "libvpx")],
    ),
    "captions": (read_captions, [lambda text=text: text for text in CAPTIONS]),  # type: ignore[misc]
    "districts": (read_district, [a_district]),
}


def attack(kind: str, seconds: float) -> None:
    """Spoil files of a kind for so long; anything but a refusal in words is an error."""
    read, makers = KINDS[kind]
    until = time.monotonic() + seconds

    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.one_of([spoiled(make()) for make in makers]))
    def refused_in_words(content: bytes) -> None:
        try:
            read(content)
        except (ValidationError, FileError):
            return

    while time.monotonic() < until:
        refused_in_words()


@pytest.fixture(autouse=True)
def much_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "bytes_used", lambda: 0)
    monkeypatch.setattr(quota.cache, "get", lambda key: 0)
    monkeypatch.setattr(quota.cache, "set", lambda *words: None)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_a_spoiled_file_is_refused_in_words(kind: str) -> None:
    attack(kind, 8)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
def test_so_is_every_one_of_an_hour(kind: str) -> None:
    attack(kind, float(os.environ.get("WIQ_FUZZ_SECONDS", "3600")) / len(KINDS))
