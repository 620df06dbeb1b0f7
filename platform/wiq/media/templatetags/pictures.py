"""A stored picture on a page, in the size and format that the browser asks for."""

from typing import Any

from django import template

register = template.Library()
# The smallest first in bytes: a browser takes the first that it can read.
KINDS = ("avif", "webp")


@register.inclusion_tag("components/picture.html")
def picture(
    address: str,
    alt: str,
    widths: str = "320 640 1200",
    sizes: str = "100vw",
    width: int | None = None,
    height: int | None = None,
    loading: str = "lazy",
) -> dict[str, Any]:
    """Show the picture at an address, whose smaller ones lie below it (wiq.media.pictures).

    ``widths`` are those in pixels to offer, ``sizes`` how wide it is on the page (HTML: img,
    sizes), ``width`` and ``height`` its proportions, ``loading`` "eager" for what is seen first.
    """
    sources = [
        (kind, ", ".join(f"{address}{wide}.{kind} {wide}w" for wide in widths.split()))
        for kind in KINDS
    ]
    return {
        "address": address, "alt": alt, "sources": sources, "sizes": sizes,
        "width": width, "height": height, "is_late": loading == "lazy",
    }  # fmt: skip
