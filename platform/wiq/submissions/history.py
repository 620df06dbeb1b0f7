"""The history of a submission, as the administration shows it."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


def as_list(steps: Iterable[Any], sender: str) -> SafeString:
    """Return the steps of a submission; ``sender`` is the room's word for its sender."""
    rows = (
        (
            date_format(timezone.localtime(step.at), "j. F Y, H:i"),
            step.get_state_display(),
            _("die Person selbst") if step.made_by == sender else step.made_by,
            step.note,
        )
        for step in steps
    )
    items = format_html_join("", "<li>{}: <strong>{}</strong> ({}) {}</li>", rows)
    return format_html("<ul>{}</ul>", items)
