"""What Unfold and Django would show of a row by its column, said in words."""

import re
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# How rows of a table between two others are called: nobody made them, nobody knows them.
_NAMELESS = re.compile(r"\bobject \(\d+\)$|-Beziehung\b|\brelationship\b")


class SaysInWords:
    """For admin pages: a language by its name, and only what has a name on the page to delete."""

    @admin.display(description=_("Sprache"), ordering="language")
    def spoken(self, row: Any) -> str:
        """Return the name of a row's language."""
        return gettext(dict(settings.LANGUAGES).get(row.language, row.language))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List what else would be deleted, without the rows that only tie two others together."""
        page: Any = super()
        listed, counts, lacking, protected = page.get_deleted_objects(objs, request)
        named = {kind: count for kind, count in counts.items() if not _NAMELESS.search(str(kind))}
        return _named(listed), named, lacking, protected


def _named(listed: list[Any]) -> list[Any]:
    found = [_named(one) if isinstance(one, list) else one for one in listed]
    return [one for one in found if one != [] and not _NAMELESS.search(str(one))]
