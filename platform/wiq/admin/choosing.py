"""Which rows a field that completes what is typed may offer: only fields of our own forms ask.

Django's address answers for any model and column of the site, and fails where a column is a
relation seen from its other end.
"""

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


class ChoicesOfForms(AutocompleteJsonView):
    """Django's answer, for the fields that a page of this site completes."""

    def process_request(self, request: HttpRequest) -> Any:
        """Return what is asked for. Raises PermissionDenied for a field that no form completes."""
        asked = tuple(
            request.GET.get(name, "") for name in ("app_label", "model_name", "field_name")
        )
        if asked not in _completed(self.admin_site):
            raise PermissionDenied
        return super().process_request(request)


def _completed(site: Any) -> set[tuple[str, str, str]]:
    """Return the fields that the forms of a site complete, those of their rows included."""
    pages = [
        (model, page.autocomplete_fields)
        for owner, one in site._registry.items()
        for model, page in ((owner, one), *((row.model, row) for row in one.inlines))
    ]
    return {
        (model._meta.app_label, str(model._meta.model_name), field)
        for model, fields in pages
        for field in fields
    }
