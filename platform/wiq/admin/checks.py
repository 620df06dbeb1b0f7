"""A system check of the lists at both desks: none of them answers what its rows keep secret."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.admin import SimpleListFilter
from django.core.checks import CheckMessage, Error, register
from django.db.models.constants import LOOKUP_SEP

from wiq.admin.lookups import ListedLookups
from wiq.admin.sites import district_site, platform_site
from wiq.declared import declared


@register("tenancy")
def check_lists(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A list is asked only for what it offers, and offers nothing that is declared secret."""
    messages: list[CheckMessage] = []
    for site in (district_site, platform_site):
        for model, page in site._registry.items():
            label = f"{site.name}: {model._meta.label}"
            if not isinstance(page, ListedLookups):
                words = f"{label} can be asked for any column (wiq.admin.lookups)."
                messages.append(Error(words, id="wiq.E019"))
            messages += [
                Error(f"{label} lets people search for the secret {path}.", id="wiq.E019")
                for path in _offered(page)
                if _is_secret(model, path)
            ]
    return messages


def _offered(page: Any) -> Iterator[str]:
    """Return the paths of all columns that a list offers to anybody."""
    yield from getattr(page, "lookups", ())
    yield from (name.lstrip("^=@") for name in page.search_fields)
    for one in page.list_filter:
        if not (isinstance(one, type) and issubclass(one, SimpleListFilter)):
            yield one[0] if isinstance(one, list | tuple) else one
    if page.date_hierarchy:
        yield page.date_hierarchy


def _is_secret(model: Any, path: str) -> bool:
    """Tell whether a path leads through a column that its model declares secret."""
    for part in path.split(LOOKUP_SEP):
        said = declared(model) if model is not None else None
        if said is not None and part in said.secrets:
            return True
        known = {field.name: field for field in model._meta.get_fields()} if model else {}
        model = getattr(known.get(part), "related_model", None)
    return False
