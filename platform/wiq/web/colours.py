"""Makes all shades of a page from a district's one colour, readable for any colour.

Contrast after WCAG 2.2, 1.4.3 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).
"""

from functools import lru_cache

Rgb = tuple[int, int, int]
WHITE: Rgb = (255, 255, 255)
INK: Rgb = (24, 28, 25)
# The backgrounds of wiq.css: page and card, in the light and the dark theme.
PAPER: Rgb = (250, 248, 243)
NIGHT: Rgb = (20, 23, 21)
NIGHT_CARD: Rgb = (30, 34, 32)
READABLE = 4.5
# For shapes without text that have to be visible (WCAG 2.2, 1.4.11).
VISIBLE = 3.0


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


def toward(rgb: Rgb, end: Rgb, grounds: tuple[Rgb, ...], least: float) -> Rgb:
    """Mix a colour with another one until it contrasts with every background."""
    shade = rgb
    while min(contrast(shade, ground) for ground in grounds) < least:
        shade = mix(shade, end, 0.9)
    return shade


def _shades(brand: Rgb, paper: Rgb, card: Rgb, end: Rgb, soft_share: float) -> dict[str, Rgb]:
    """Return the shades for a light or a dark background."""
    soft = mix(brand, paper, soft_share)
    grounds = (paper, card, soft)
    return {
        "brand-text": toward(brand, end, grounds, READABLE),
        "brand-mark": toward(brand, end, grounds, VISIBLE),
        "brand-soft": soft,
        "brand-line": mix(brand, paper, 0.4),
    }


def _properties(shades: dict[str, Rgb]) -> str:
    return ";".join(f"--{name}:{text(rgb)}" for name, rgb in shades.items())


@lru_cache(maxsize=256)
def stylesheet(colour: str) -> str:
    """Return the custom properties for one brand colour, in the light and the dark theme.

    The result depends on the colour alone, so it can be cached.
    """
    brand = parse(colour)
    if max(contrast(WHITE, brand), contrast(INK, brand)) < READABLE:
        brand = toward(brand, INK, (WHITE,), READABLE)  # neither is readable on medium grey
    day = _shades(brand, PAPER, WHITE, INK, 0.12)
    both = {
        "brand": brand,
        "on-brand": WHITE if contrast(WHITE, brand) >= contrast(INK, brand) else INK,
        "brand-deep": toward(mix(brand, INK, 0.55), INK, (WHITE,), READABLE),
        # Prints are on white paper, whatever the theme on screen.
        "brand-print": day["brand-text"],
    }
    night = _properties(_shades(brand, NIGHT, NIGHT_CARD, WHITE, 0.2))
    return (
        f":root{{{_properties(both | day)}}}@media(prefers-color-scheme:dark){{:root{{{night}}}}}"
    )
