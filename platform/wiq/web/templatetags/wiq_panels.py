"""Template tags for what rooms say on pages that are not theirs: panels, and the main menu."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from wiq.rooms import PublicEntry
from wiq.web import public_menu
from wiq.web.panels import Spot, shown

register = template.Library()


@register.simple_tag
def panels(spot: str, about: Any = None) -> SafeString:
    """Show what rooms have to say in a place. Raises ValueError for a place that there is not."""
    # Each room's own template has escaped it; a mail's text is not HTML.
    return mark_safe(shown(Spot(spot), about))  # noqa: S308


@register.filter
def main_menu(district: Any) -> list[PublicEntry]:
    """Return the entries of a district's main menu."""
    return public_menu.shown(district.in_menu)
