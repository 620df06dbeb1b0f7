"""Files that are not what they say, too large, or carry more than a picture."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from directory.people.models import Person
from tests.cast import District
from tests.hostile.test_redraw import photo

PAGE = "/koordination/people/person/add/"
GPS, MAKER = 0x8825, 0x010F


def upload(district: District, name: str, content: bytes) -> Any:
    data: dict[str, Any] = {"name": "Dora", "slug": "dora", "portrait_alt": "Dora"}
    for prefix in ("consents", "memberships"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return district.signed_in("coordinator").post(
        PAGE, data | {"portrait": SimpleUploadedFile(name, content)}
    )


def kept(district: District) -> bytes | None:
    """Return the file that is kept of the upload, if any."""
    district.draw()
    with district.inside():
        person = Person.objects.filter(slug="dora").first()
        return Path(person.portrait.path).read_bytes() if person else None


def drawn(kind: str, **options: Any) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(content, kind, **options)
    return content.getvalue()


def bomb(side: int) -> bytes:
    """Return a PNG of one colour, tiny as a file and huge as a picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    row = b"\x00" * (1 + (side + 7) // 8)
    rows = zlib.compress(row * side, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(document.domain)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("huge.png", bomb(14_000)),
        ("anim.jpg", drawn("GIF")),
        ("drawing.svg", SVG),
        ("drawing.png", SVG),
        ("half.jpg", drawn("JPEG")[:400]),
        # Its head is whole: only drawing it anew shows what is missing.
        ("broken.jpg", photo()[:2000]),
        ("page.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("archive.png", b"PK\x03\x04" + b"\x00" * 200),
        ("../../../etc/cron.d/x.jpg", b"* * * * * root id"),
    ],
    ids=["14000 squared", "GIF named jpg", "SVG with a script", "SVG named png", "cut off", "cut off late",
         "HTML named jpg", "ZIP named png", "a path for a name"],
)  # fmt: skip
def test_what_is_no_picture_for_a_page_is_refused_in_words(
    nord: District, name: str, content: bytes
) -> None:
    response = upload(nord, name, content)
    assert response.status_code == 200
    text = response.content.decode()
    assert "errorlist" in text or "kein Bild, das wir lesen" in text
    assert 'value="Dora"' in text
    assert kept(nord) is None


def test_six_megabytes_are_refused_before_they_are_read(nord: District) -> None:
    assert upload(nord, "large.jpg", drawn("JPEG") + b"\x00" * 6_000_000).status_code == 413
    assert upload(nord, "large.jpg", drawn("JPEG") + b"\x00" * 5_200_000).status_code == 200
    assert kept(nord) is None


@pytest.mark.parametrize(
    "tail",
    [b"<script>alert(1)</script>", b"PK\x03\x04evil", b"<?php system('id'); ?>", b"%PDF-1.4 evil"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_file_that_is_two_things_the_picture_alone_is_kept(
    nord: District, kind: str, tail: bytes
) -> None:
    assert upload(nord, f"two.{kind.lower()}", drawn(kind) + tail).status_code == 302
    file = kept(nord)
    assert file is not None
    assert tail not in file
    with Image.open(io.BytesIO(file)) as image:
        assert image.format == "JPEG"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_a_picture_was_taken_is_not_kept(nord: District, kind: str) -> None:
    exif = Image.Exif()
    exif[MAKER] = "Kamera Nr. 4711"
    exif.get_ifd(GPS).update({1: "N", 2: (51.0, 19.0, 30.0), 3: "E", 4: (12.0, 19.0, 50.0)})
    assert upload(nord, f"gps.{kind.lower()}", drawn(kind, exif=exif)).status_code == 302
    file = kept(nord)
    assert file is not None
    assert b"4711" not in file
    with Image.open(io.BytesIO(file)) as image:
        assert not image.getexif()
        assert "exif" not in image.info


def test_a_picture_is_served_as_a_picture_alone(nord: District) -> None:
    assert upload(nord, "../../a b\"'.jpg", drawn("JPEG")).status_code == 302
    nord.draw()
    with nord.inside():
        person = Person.objects.get(slug="dora")
        assert person.portrait.name.startswith("portraits/")
        assert ".." not in person.portrait.name
        url = person.portrait.url
    response = nord.signed_in("editor").get(url)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
