"""Rows that somebody else deleted while they were being edited: they come back as new ones.

A formset finds its rows by their keys and would refuse a deleted one for ever; reloading the page
would lose what was typed into it.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.datastructures import MultiValueDict

INITIAL, TOTAL = "INITIAL_FORMS", "TOTAL_FORMS"


def _count(data: Any, name: str, most: int) -> int:
    written = str(data.get(name, ""))
    return min(int(written), most) if written.isdecimal() and len(written) < 7 else 0


def sent_keys(data: Any, prefix: str, key: str, most: int) -> list[str]:
    """Return the keys of the rows that a form sent as known, in their order."""
    count = _count(data, f"{prefix}-{INITIAL}", most)
    return [str(data.get(f"{prefix}-{row}-{key}", "")) for row in range(count)]


def with_gone_rows_last(
    sent: MultiValueDict[str, Any],
    prefix: str,
    gone: Iterable[int],
    blank: Iterable[str],
    most: int,
) -> MultiValueDict[str, Any]:
    """Return the sent values with the gone rows behind the known ones, as new rows.

    ``blank`` are the fields that tie a row to what it was: its key, its version.
    """
    gone = set(gone)
    known = _count(sent, f"{prefix}-{INITIAL}", most)
    total = max(_count(sent, f"{prefix}-{TOTAL}", most), known)
    order = [row for row in range(known) if row not in gone]
    order += [*sorted(gone), *range(known, total)]
    place = {old: new for new, old in enumerate(order)}
    field = re.compile(rf"{re.escape(prefix)}-(\d{{1,6}})-(.+)")
    moved = sent.copy()
    moved.clear()
    for name, values in sent.lists():
        found = field.fullmatch(name)
        old = int(found[1]) if found else -1
        if found is None or old not in place:
            moved.setlist(name, values)
            continue
        is_blank = old in gone and found[2] in blank
        moved.setlist(f"{prefix}-{place[old]}-{found[2]}", [""] if is_blank else values)
    if f"{prefix}-{INITIAL}" in moved:
        moved.setlist(f"{prefix}-{INITIAL}", [str(known - len(gone))])
    return moved
