"""From a district's one colour to the shades a page needs, readable whatever the colour is.

Contrast after WCAG 2.2, 1.4.3 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

from functools import lru_cache

Rgb = tuple[int, int, int]
WHITE: Rgb = (255, 255, 255)
INK: Rgb = (24, 28, 25)
PAPER: Rgb = (250, 248, 243)
READABLE = 4.5


def parse(colour: str) -> Rgb:
    """Return the parts of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def text(rgb: Rgb) -> str:
    """Return a colour as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def luminance(rgb: Rgb) -> float:
    """Return the relative luminance, 0 for black to 1 for white."""
    parts = [part / 255 for part in rgb]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """Return ``share`` of one colour with the rest of the other."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def readable(rgb: Rgb, background: Rgb) -> Rgb:
    """Darken a colour until it and the background can be read on each other."""
    shade = rgb
    while contrast(shade, background) < READABLE:
        shade = mix(shade, INK, 0.9)
    return shade


@lru_cache(maxsize=256)
def stylesheet(colour: str) -> str:
    """Return the custom properties for one brand colour. Depends on nothing but the colour."""
    brand = parse(colour)
    if max(contrast(WHITE, brand), contrast(INK, brand)) < READABLE:
        brand = readable(brand, WHITE)  # a middle grey, on which neither could be read
    on_brand = WHITE if contrast(WHITE, brand) >= contrast(INK, brand) else INK
    # Against the slightly darker paper too, so that links are readable on both grounds.
    in_text = readable(brand, mix(brand, PAPER, 0.12))
    shades = {
        "brand": brand,
        "on-brand": on_brand,
        "brand-text": in_text,
        "brand-soft": mix(brand, PAPER, 0.12),
        "brand-line": mix(brand, PAPER, 0.4),
        "brand-deep": readable(mix(brand, INK, 0.55), WHITE),
    }
    properties = ";".join(f"--{name}:{text(rgb)}" for name, rgb in shades.items())
    return f":root{{{properties}}}"
