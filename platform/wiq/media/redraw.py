"""Drawing one picture anew, in a process of its own that may use little and is soon ended.

A malicious upload can only harm this process, which holds no database connection, no secret and no
other visitor's data. It reads the picture from standard input and writes a ZIP to standard output;
an argument may name the format to keep (``.png``). Only wiq.media.pictures starts it.
"""

import io
import json
import resource
import sys
import zipfile
from typing import Any

from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

MEMORY_MAX = 1 << 30
CPU_SECONDS = 30
KEPT_PIXELS = (1600, 1600)
WIDTHS = (160, 320, 640, 1200)
# How a picture is kept, by the ending of its name.
KEPT: dict[str, tuple[str, dict[str, Any]]] = {
    ".jpg": ("JPEG", {"quality": 85, "optimize": True}),
    ".jpeg": ("JPEG", {"quality": 85, "optimize": True}),
    ".png": ("PNG", {"optimize": True}),
    ".webp": ("WEBP", {"quality": 85}),
}
# Name of the format, what it is called for Pillow, how it is written.
SMALLER = (
    ("avif", "AVIF", {"quality": 55, "speed": 7, "max_threads": 1}),
    ("webp", "WEBP", {"quality": 78, "method": 4}),
)


def limit() -> None:
    """Give this process a small allowance of memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def in_srgb(picture: Image.Image) -> Image.Image:
    """Return a picture in the colours a browser takes for granted, where it has others."""
    if picture.mode.startswith("I"):
        # 16 bits of grey, which Pillow would cut off instead of making them fewer.
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    profile = picture.info.get("icc_profile")
    # The one colour that can be seen through would be lost with the numbers that name it.
    if not profile or "transparency" in picture.info or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(
            picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        # A profile for something else, or none: the numbers are taken as they are.
        return picture
    return changed or picture


def upright(content: bytes) -> Image.Image:
    """Return the picture alone: turned as it was taken, without what a camera wrote beside it."""
    with Image.open(io.BytesIO(content)) as opened:
        # A photograph is read in the size that is needed, not in the one it has.
        opened.draft("RGB", KEPT_PIXELS)
        turned = in_srgb(ImageOps.exif_transpose(opened))
        see_through = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
        drawn = turned.convert("RGBA" if see_through else "RGB")
    drawn.thumbnail(KEPT_PIXELS)
    drawn.info.clear()
    return drawn


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def is_picture_alone(content: bytes, ending: str) -> bool:
    """Tell whether a file is just such a JPEG as is kept here, and nothing stands beside it.

    In doubt it is not: the sign for the end may stand at the end only.
    """
    with Image.open(io.BytesIO(content)) as opened:
        if not isinstance(opened, JpegImageFile) or KEPT[ending][0] != "JPEG":
            return False
        beside = [name for name, _content in opened.applist]
        fits = opened.width <= KEPT_PIXELS[0] and opened.height <= KEPT_PIXELS[1]
    return fits and beside == ["APP0"] and content.find(b"\xff\xd9") == len(content) - 2


def kept(picture: Image.Image, content: bytes, ending: str) -> tuple[str, bytes]:
    """Return the picture to keep and the ending of its name.

    Whoever says how it is to end brings a file from here: a JPEG would lose by being drawn again.
    """
    if ending and is_picture_alone(content, ending):
        return ending, content
    ending = ending or (".png" if picture.mode == "RGBA" else ".jpg")
    kind, options = KEPT[ending]
    return ending, written(picture if kind != "JPEG" else picture.convert("RGB"), kind, **options)


def redraw(content: bytes, ending: str = "") -> bytes:
    """Return a ZIP: ``picture.jpg`` (or ``.png``), smaller ones by width, and ``size.json``."""
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


if __name__ == "__main__":
    limit()
    sys.stdout.buffer.write(redraw(sys.stdin.buffer.read(), *sys.argv[1:]))
