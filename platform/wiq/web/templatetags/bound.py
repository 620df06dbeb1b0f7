"""The filter ``bound``, known to all templates (wiq.settings.interface)."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from wiq.web.typography import bind

register = template.Library()


@register.filter
def bound(text: Any) -> str:
    """Return a text whose numbers and units stay on one line; see wiq.web.typography."""
    found = bind(str(text))
    # Only spaces changed: what was safe is safe.
    return mark_safe(found) if isinstance(text, SafeString) else found  # noqa: S308
