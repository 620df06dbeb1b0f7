"""Everything about an address is erased again when the ledger says so."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from wiq.audit import services as audit
from wiq.erasures.repeats import Repeat, repeats
from wiq.erasures.services import ADDRESS, of_address
from wiq.subjects import erase_all, sources


def addresses() -> Iterator[str]:
    """Yield every address in the current district, in the form in which it is marked."""
    labels = {label for source in sources if source.erase is not None for label in source.models}
    found: set[str] = set()
    for label in sorted(labels):
        model = apps.get_model(label)
        for field in model._meta.concrete_fields:
            if isinstance(field, models.EmailField):
                rows = model._default_manager.exclude(**{field.name: ""})
                found |= {
                    of_address(one) for one in rows.values_list(field.name, flat=True).distinct()
                }
    yield from sorted(found)


repeats.register(Repeat(ADDRESS, addresses, lambda word: erase_all(word, actor=audit.SYSTEM)))
