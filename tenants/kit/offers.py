"""What the current version of the kit offers to a district that it does not have in this form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django_tenants.utils import schema_context, tenant_context

from tenants.districts.models import District
from tenants.kit import installers
from tenants.kit.models import ItemKind, KitItem, KitVersion, Taken
from wiq.tenancy import PUBLIC


@dataclass(frozen=True)
class Offer:
    """An item of the current version that a district does not have in this form."""

    item: KitItem
    is_new: bool
    # The district has changed the text itself, so the kit never overwrites it.
    is_edited: bool
    current_title: str = ""
    current_words: str = ""


def offers(district: District) -> Iterator[Offer]:
    """Yield the items of the current version that a district lacks or has in an older form."""
    with schema_context(PUBLIC):
        current = KitVersion.objects.current()
        items = list(current.items.select_related("version")) if current else []
        taken = {row.key: row for row in Taken.objects.filter(district_id=district.pk)}
        settled = _settled(items, taken)
    with tenant_context(district):
        there = installers.find_all(items)
        for item in items:
            if item.key in settled:
                continue
            offer = _offer(item, taken.get(item.key), there.get(item.key))
            if offer is not None:
                yield offer


def offers_by_kind(district: District) -> dict[ItemKind, list[Offer]]:
    """Return the offers, those of one kind together, in the order in which the kit has them."""
    found: dict[ItemKind, list[Offer]] = {}
    for offer in offers(district):
        found.setdefault(ItemKind(offer.item.kind), []).append(offer)
    return found


def _settled(items: list[KitItem], taken: dict[str, Taken]) -> set[str]:
    """Return the keys of the items that say what they said when the district took or left them."""
    numbers = {row.version for row in taken.values()}
    former = KitItem.objects.filter(version__number__in=numbers, key__in=taken)
    said = {
        (item.key, item.version.number): installers.of_item(item)
        for item in former.select_related("version")
    }
    return {
        item.key
        for item in items
        if (row := taken.get(item.key)) is not None
        and said.get((item.key, row.version)) == installers.of_item(item)
    }


def _offer(item: KitItem, taken: Taken | None, thing: Any) -> Offer | None:
    if thing is None:
        # What a district has removed or left is only offered again when the item changes.
        return None if taken is not None and not _changed(item, taken) else Offer(item, True, False)
    now = installers.of_thing(thing)
    if now == installers.of_item(item):
        return None
    edited = taken is None or now != taken.digest
    title, words, *_english = installers.words_of(thing)
    return Offer(item, False, edited, title, words)


def _changed(item: KitItem, taken: Taken) -> bool:
    return taken.digest != installers.of_item(item)
