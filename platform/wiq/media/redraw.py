"""Drawing one picture anew, in a process of its own that may use little and is soon ended.

A malicious upload can only harm this process, which holds no database connection, no secret and no
other visitor's data. It reads the picture from standard input and writes a ZIP to standard output;
an argument may name the format to keep (``.png``), or ask to ``look`` only. Only
wiq.media.pictures starts it.
"""

import io
import json
import resource
import sys
import zipfile
from typing import Any

from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from wiq.confinement import (
    become_nobody,
    open_nothing_more,
    start_nothing_more,
    stay_beneath,
    step_back,
)

MEMORY_MAX = 1 << 30
CPU_SECONDS = 30
KEPT_PIXELS = (1600, 1600)
WIDTHS = (160, 320, 640, 1200)
# How a picture is saved, by the extension of its name.
KEPT: dict[str, tuple[str, dict[str, Any]]] = {
    ".jpg": ("JPEG", {"quality": 85, "optimize": True}),
    ".jpeg": ("JPEG", {"quality": 85, "optimize": True}),
    ".png": ("PNG", {"optimize": True}),
    ".webp": ("WEBP", {"quality": 85}),
}
# The format's name, Pillow's name for it, and the options to save it with.
SMALLER = (
    ("avif", "AVIF", {"quality": 55, "speed": 7, "max_threads": 1}),
    ("webp", "WEBP", {"quality": 78, "method": 4}),
)


def limit() -> None:
    """Limit the memory and time of this process; it opens no file and connects to nothing.

    Each of the last four is enough by itself for most of that; which of them a system has differs.
    """
    Image.init()  # loads what reads each kind of picture
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    become_nobody()
    stay_beneath([])
    start_nothing_more()
    open_nothing_more()


def in_srgb(picture: Image.Image) -> Image.Image:
    """Return a picture in sRGB, the colours that browsers expect."""
    if picture.mode.startswith("I"):
        # 16 bits of grey, which Pillow would cut off instead of scaling down.
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    profile = picture.info.get("icc_profile")
    # Converting would change the one value that marks a pixel as transparent.
    if not profile or "transparency" in picture.info or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(
            picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        # The profile is invalid or not for pictures: keep the values as they are.
        return picture
    return changed or picture


def upright(content: bytes) -> Image.Image:
    """Return the picture itself: the right way up, without the camera's metadata.

    Of the picture in its full size there is no copy more than its colours need: a large one takes
    160 MB.
    """
    with Image.open(io.BytesIO(content)) as opened:
        # Decode a photograph at the size we need, which is faster than its full size.
        opened.draft("RGB", KEPT_PIXELS)
        ImageOps.exif_transpose(opened, in_place=True)
        turned = in_srgb(opened)
        see_through = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
        mode = "RGBA" if see_through else "RGB"
        drawn = turned if turned.mode == mode else turned.convert(mode)
        drawn.thumbnail(KEPT_PIXELS)
    # Only pixels: what was opened still knows what stood in its file.
    drawn = drawn.copy()
    drawn.info.clear()
    return drawn


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as the content of a file."""
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def is_picture_alone(content: bytes, ending: str) -> bool:
    """Tell whether a file is a JPEG exactly as we keep it, without any other content.

    In doubt the answer is no: the end marker may only occur at the end.
    """
    with Image.open(io.BytesIO(content)) as opened:
        if not isinstance(opened, JpegImageFile) or KEPT[ending][0] != "JPEG":
            return False
        beside = [name for name, _content in opened.applist]
        fits = opened.width <= KEPT_PIXELS[0] and opened.height <= KEPT_PIXELS[1]
    return fits and beside == ["APP0"] and content.find(b"\xff\xd9") == len(content) - 2


def kept(picture: Image.Image, content: bytes, ending: str) -> tuple[str, bytes]:
    """Return the extension and the content of the picture to keep.

    A given ``ending`` means that the file was exported here: redrawing a JPEG again would cost
    quality.
    """
    if ending and is_picture_alone(content, ending):
        return ending, content
    ending = ending or (".png" if picture.mode == "RGBA" else ".jpg")
    kind, options = KEPT[ending]
    return ending, written(picture if kind != "JPEG" else picture.convert("RGB"), kind, **options)


def redraw(content: bytes, ending: str = "") -> bytes:
    """Return a ZIP: ``picture.jpg`` (or ``.png``), smaller versions by width, ``size.json``."""
    picture = upright(content)
    ending, file = kept(picture, content, ending)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("size.json", json.dumps(picture.size))
        out.writestr(f"picture{ending}", file)
        for width in WIDTHS:
            if width != WIDTHS[0] and width > picture.width:
                break
            small = picture.copy()
            small.thumbnail((width, width * 4))
            for name, kind, options in SMALLER:
                out.writestr(f"{width}.{name}", written(small, kind, **options))
    return packed.getvalue()


def look(content: bytes) -> bytes:
    """Return, as JSON, what drawing will make of a picture: its extension, width and height.

    Reads the picture to its end, so whatever is broken fails here, and draws nothing.
    """
    with Image.open(io.BytesIO(content)) as opened:
        opened.draft("RGB", KEPT_PIXELS)
        opened.load()
        see_through = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
        size = opened.size
        # Orientations 5 to 8 lie on their side (Exif 2.32, 4.6.4).
        if opened.getexif().get(0x0112, 1) >= 5:
            size = (size[1], size[0])
    outline = Image.new("1", size)
    outline.thumbnail(KEPT_PIXELS)
    ending = ".png" if see_through else ".jpg"
    found = {"ending": ending, "width": outline.width, "height": outline.height}
    return json.dumps(found).encode()


if __name__ == "__main__":
    looks = sys.argv[1:] == ["look"]
    if not looks:  # nobody waits for it
        step_back()
    limit()
    given = sys.stdin.buffer.read()
    sys.stdout.buffer.write(look(given) if looks else redraw(given, *sys.argv[1:]))
