"""Short texts from long ones."""

import re
from typing import Any

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


@register.filter
def at(mapping: Any, key: str) -> Any:
    """Return what a mapping holds under a key that only the template knows; nothing if none."""
    return mapping.get(key, ())
