"""The history of a submission, as the administration shows it."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wiq.audit import names, words


def as_list(steps: Iterable[Any]) -> SafeString:
    """Return the steps of a submission, each with who did it."""
    listed = list(steps)
    known = names.of_accounts(step.made_by for step in listed)
    rows = (
        (
            date_format(timezone.localtime(step.at), "DATETIME_FORMAT"),
            step.get_state_display(),
            words.who(step.made_by, known),
            step.note,
        )
        for step in listed
    )
    items = format_html_join("", "<li>{}: <strong>{}</strong> ({}) {}</li>", rows)
    return format_html("<ul>{}</ul>", items)
