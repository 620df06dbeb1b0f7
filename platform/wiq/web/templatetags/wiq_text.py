"""Short texts from long ones."""

import re

from django import template

register = template.Library()
ENOUGH = 60


@register.filter
def truncatesentences(text: str) -> str:
    """Return the first sentences of a text, whole ones, until there is enough to know more."""
    shown = ""
    for sentence in re.split(r"(?<=[.!?])\s+", text.strip()):
        if len(shown) >= ENOUGH:
            break
        shown = f"{shown} {sentence}".strip()
    return shown
