"""A stored picture on a page, in the size and format that the browser chooses."""

from typing import Any

from django import template

register = template.Library()
# The smallest files first: a browser takes the first format that it can read.
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
    """Show the picture at an address; its smaller versions are below it (wiq.media.pictures).

    ``widths`` are the pixel widths to offer, ``sizes`` its width on the page (HTML: img, sizes),
    ``width`` and ``height`` its proportions. ``loading`` is "eager" for what is visible first.
    """
    sources = [
        (kind, ", ".join(f"{address}{wide}.{kind} {wide}w" for wide in widths.split()))
        for kind in KINDS
    ]
    return {
        "address": address, "alt": alt, "sources": sources, "sizes": sizes,
        "width": width, "height": height, "is_late": loading == "lazy",
    }  # fmt: skip
