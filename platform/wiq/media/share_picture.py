"""The preview picture of links to a district without one of its own: its sign and its name."""

import io
from functools import lru_cache
from pathlib import Path

import unfold
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from wiq.web.colours import INK, PAPER, VISIBLE, WHITE, mix, parse, toward
from wiq.web.context import PLATFORM_COLOUR, shown_district

# Sites that show links ask for it (https://ogp.me), with proportions of 1.91 to 1.
SIZE = (1200, 630)
# Drawn at twice the size, then scaled down, because Pillow's circles have hard edges.
TWICE = 2
MARGIN = 90
# unfold ships this font, so it is there wherever we run (SIL Open Font License).
FONT = Path(unfold.__file__).parent / "static" / "unfold" / "fonts" / "inter" / "Inter-Bold.woff2"
LARGE, LEAST = 92, 40
# The sign of wiq.web.symbol on its canvas of 32 by 32: centre and radius.
CIRCLES = ((11, 11, 9), (23, 14, 6.5), (14, 25, 6))
SIGN = 250
ICON = 180


def _fitting(name: str, width: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """Return the name and the largest font that fits it on one line; shorten it if none does."""
    for size in range(LARGE, LEAST, -4):
        font = ImageFont.truetype(str(FONT), size * TWICE)
        if font.getlength(name) <= width:
            return name, font
    font = ImageFont.truetype(str(FONT), LEAST * TWICE)
    while font.getlength(name) > width:
        name = name[:-2].rstrip(" ,…") + "…"
    return name, font


@lru_cache(maxsize=64)
def draw_icon(colour: str) -> bytes:
    """Return a PNG for the home screen of a telephone: the sign on paper, without rounding.

    Apple's devices ask for 180 by 180, round the corners and show transparent places black
    (https://developer.apple.com/design/human-interface-guidelines/app-icons).
    """
    side = ICON * TWICE * 2
    picture = Image.new("RGB", (side, side), PAPER)
    pen = ImageDraw.Draw(picture)
    brand = toward(parse(colour), INK, (PAPER,), VISIBLE)
    shades = (brand, mix(brand, WHITE, 0.55), mix(brand, (0, 0, 0), 0.65))
    unit = side * 0.72 / 32
    for (x, y, radius), shade in zip(CIRCLES, shades, strict=True):
        pen.circle((side * 0.14 + x * unit, side * 0.14 + y * unit), radius * unit, fill=shade)
    content = io.BytesIO()
    picture.reduce(TWICE * 2).save(content, "PNG", optimize=True)
    return content.getvalue()


@lru_cache(maxsize=64)
def draw(colour: str, name: str) -> bytes:
    """Return a PNG with the sign in a district's colour, and its name if it has one."""
    brand = toward(parse(colour), INK, (PAPER,), VISIBLE)
    width, height = SIZE[0] * TWICE, SIZE[1] * TWICE
    picture = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, height - 26 * TWICE, width, height), fill=brand)
    left, unit = MARGIN * TWICE, SIGN * TWICE / 32
    shades = (brand, mix(brand, WHITE, 0.55), mix(brand, (0, 0, 0), 0.65))
    for (x, y, radius), shade in zip(CIRCLES, shades, strict=True):
        middle = (left + x * unit, left * 0.8 + y * unit)
        pen.circle(middle, radius * unit, fill=shade)
    below = int(left * 0.8 + 32 * unit)
    small = ImageFont.truetype(str(FONT), 52 * TWICE)
    pen.text((left, below + 20 * TWICE), "Wir im Quartier", font=small, fill=INK)
    if name:
        name, font = _fitting(name, width - 2 * left)
        pen.text((left, below + 90 * TWICE), name, font=font, fill=brand)
    content = io.BytesIO()
    picture.reduce(TWICE).save(content, "PNG", optimize=True)
    return content.getvalue()


@require_safe
def share_picture(request: HttpRequest) -> HttpResponse:
    """Serve this host's picture. It does not name a district that is not public yet."""
    shown = shown_district(request)
    colour, name = (shown.colour, shown.name) if shown else (PLATFORM_COLOUR, "")
    response = HttpResponse(draw(colour, name), content_type="image/png")
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def touch_icon(request: HttpRequest) -> HttpResponse:
    """Serve the icon of this host for home screens."""
    shown = shown_district(request)
    colour = shown.colour if shown else PLATFORM_COLOUR
    response = HttpResponse(draw_icon(colour), content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    return response
