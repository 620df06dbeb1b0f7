"""The template tag that shows what rooms have to say in a place of another's page."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from wiq.web.panels import Spot, shown

register = template.Library()


@register.simple_tag
def panels(spot: str, about: Any = None) -> SafeString:
    """Show what rooms have to say in a place. Raises ValueError for a place that there is not."""
    # Each room's own template has escaped it; a mail's text is not HTML.
    return mark_safe(shown(Spot(spot), about))  # noqa: S308
