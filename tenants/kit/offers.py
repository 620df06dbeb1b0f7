"""What the current version of the kit offers to a district that it does not have in this form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Subquery
from django_tenants.utils import schema_context, tenant_context

from tenants.districts.models import District
from tenants.kit import installers
from tenants.kit.models import ItemKind, KitItem, KitVersion, Taken
from wiq.database.together import Wanted, read_together
from wiq.tenancy import PUBLIC

ITEM_FIELDS = (
    "version_id", "key", "kind", "title", "text", "text_en", "data", "version__number",
)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """An item of the current version that a district does not have in this form."""

    item: KitItem
    is_new: bool
    # The district has changed the text itself, so the kit never overwrites it.
    is_edited: bool
    current_title: str = ""
    current_words: str = ""


@dataclass(frozen=True)
class Kit:
    """What the public schema knows of a district and the kit."""

    # Those of the current version about which the district has not decided.
    items: list[KitItem]
    taken: dict[str, Taken]


def kit_for(district: District) -> Kit:
    """Return the items of the current version that a district may lack, in one statement."""
    current = KitVersion.objects.filter(released_at__isnull=False).order_by("-number")
    taken = Taken.objects.filter(district_id=district.pk)
    former = KitItem.objects.filter(
        version__number__in=taken.values("version"), key__in=taken.values("key")
    )
    with schema_context(PUBLIC):
        items, rows, said = read_together([
            Wanted(KitItem.objects.filter(version=Subquery(current.values("pk")[:1])), ITEM_FIELDS),
            Wanted(taken, ("key", "version", "digest")),
            Wanted(former, ITEM_FIELDS),
        ])  # fmt: skip
    chosen = {row.key: row for row in rows.rows}
    settled = _settled(items.rows, chosen, said.rows)
    return Kit([item for item in items.rows if item.key not in settled], chosen)


def compared(kit: Kit, there: Mapping[str, Any]) -> Iterator[Offer]:
    """Yield the items that a district lacks or has in an older form; ``there`` is what it has."""
    for item in kit.items:
        offer = _offer(item, kit.taken.get(item.key), there.get(item.key))
        if offer is not None:
            yield offer


def offers(district: District) -> Iterator[Offer]:
    """Yield the items of the current version that a district lacks or has in an older form."""
    kit = kit_for(district)
    with tenant_context(district):
        yield from compared(kit, installers.find_all(kit.items))


def by_kind(found: Iterable[Offer]) -> dict[ItemKind, list[Offer]]:
    """Return offers, those of one kind together, in the order in which the kit has them."""
    kinds: dict[ItemKind, list[Offer]] = {}
    for offer in found:
        kinds.setdefault(ItemKind(offer.item.kind), []).append(offer)
    return kinds


def offers_by_kind(district: District) -> dict[ItemKind, list[Offer]]:
    """Return a district's offers, those of one kind together."""
    return by_kind(offers(district))


def _settled(items: list[KitItem], taken: dict[str, Taken], former: list[KitItem]) -> set[str]:
    """Return the keys of the items that say what they said when the district took or left them."""
    said = {(item.key, item.version.number): installers.of_item(item) for item in former}
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
