"""Drawing one picture anew, in a process of its own that may use little and is soon ended.

What an upload can do to the library that reads it, it does here: no database, no secret and no
other visitor is in this process. Reads the picture from its standard input and answers with a ZIP
on its standard output. Started by wiq.web.pictures alone.
"""

import io
import json
import resource
import sys
import zipfile

from PIL import Image, ImageOps

MEMORY_MAX = 1 << 30
CPU_SECONDS = 30
KEPT_PIXELS = (1600, 1600)
WIDTHS = (160, 320, 640, 1200)
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


def upright(content: bytes) -> Image.Image:
    """Return the picture alone: turned as it was taken, without what a camera wrote beside it."""
    with Image.open(io.BytesIO(content)) as opened:
        # A photograph is read in the size that is needed, not in the one it has.
        opened.draft("RGB", KEPT_PIXELS)
        turned = ImageOps.exif_transpose(opened)
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


def redraw(content: bytes) -> bytes:
    """Return a ZIP: ``picture.jpg`` (or ``.png``), smaller ones by width, and ``size.json``."""
    picture = upright(content)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("size.json", json.dumps(picture.size))
        if picture.mode == "RGBA":
            out.writestr("picture.png", written(picture, "PNG", optimize=True))
        else:
            out.writestr("picture.jpg", written(picture, "JPEG", quality=85, optimize=True))
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
    sys.stdout.buffer.write(redraw(sys.stdin.buffer.read()))
