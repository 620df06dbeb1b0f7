"""The kit: versions made and released by the project team, taken over by districts as they like."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from directory.pages.models import TextKind
from tenants.districts.models import District
from tenants.kit import installers, mails
from tenants.kit.models import KitItem, KitVersion, Taken
from wiq import queueing
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC

DATA = Path(__file__).parent / "data"
FIELDS = ("key", "kind", "title", "text", "text_en", "data")


@dataclass(frozen=True)
class Offer:
    """Something of the current version that a district does not have in this form."""

    item: KitItem
    is_new: bool
    # The district changed the words itself: they stay, whatever the kit says.
    is_edited: bool
    current_title: str = ""
    current_words: str = ""


@transaction.atomic
def load(file: Path, *, actor: Actor) -> KitVersion | None:
    """Bring in a version from a data file, released; None where its number is there already."""
    data = json.loads(file.read_text(encoding="utf-8"))
    if KitVersion.objects.filter(number=data["version"]).exists():
        return None
    version = KitVersion.objects.create(number=data["version"], notes=data["notes"])
    for row in data["items"]:
        item = KitItem(version=version, **{name: row[name] for name in FIELDS if name in row})
        item.full_clean()
        item.save()
    # Not a word to anybody: what is shipped comes with a new version of the platform.
    version.released_at = timezone.now()
    version.save(update_fields=["released_at"])
    audit.record_change("kit.loaded", version, actor=actor)
    return version


def load_shipped(*, actor: Actor) -> list[KitVersion]:
    """Bring in every data file that is not there yet, the oldest first."""
    files = sorted(DATA.glob("kit-*.json"), key=lambda file: int(file.stem.partition("-")[2]))
    return [version for file in files if (version := load(file, actor=actor)) is not None]


def as_data(version: KitVersion) -> dict[str, Any]:
    """Return a version as its data file has it."""
    items = [{name: getattr(item, name) for name in FIELDS} for item in version.items.all()]
    return {"version": version.number, "notes": version.notes, "items": items}


@transaction.atomic
def begin_next(*, actor: Actor) -> KitVersion:
    """Begin the next version as a copy of the newest; one that is begun already is returned."""
    newest = KitVersion.objects.order_by("-number").select_for_update().first()
    if newest is not None and newest.released_at is None:
        return newest
    version = KitVersion.objects.create(number=newest.number + 1 if newest else 1)
    for item in newest.items.all() if newest else ():
        item.pk, item.version = None, version
        item._state.adding = True
        item.save()
    audit.record_change("kit.begun", version, actor=actor)
    return version


@transaction.atomic
def save_item(item: KitItem, *, actor: Actor) -> KitItem:
    """Save an item of a version that is not released. Raises ValidationError."""
    _check_open(item.version)
    item.full_clean()
    item.save()
    audit.record_change("kit.item_saved", item, actor=actor)
    return item


@transaction.atomic
def save_version(version: KitVersion, *, actor: Actor) -> KitVersion:
    """Save what a version says is new."""
    _check_open(version)
    version.full_clean()
    version.save()
    audit.record_change("kit.version_saved", version, actor=actor)
    return version


@transaction.atomic
def remove_item(item: KitItem, *, actor: Actor) -> None:
    """Take an item out of a version that is not released; districts keep what they have of it."""
    _check_open(item.version)
    audit.record_change("kit.item_removed", item, actor=actor)
    item.delete()


def _check_open(version: KitVersion) -> None:
    if version.released_at is not None:
        raise ValidationError(_("Diese Fassung ist veröffentlicht. Bitte beginnen Sie eine neue."))


@transaction.atomic
def release(version: KitVersion, *, actor: Actor) -> KitVersion:
    """Release a version for new districts and tell the others about it. Raises ValidationError."""
    locked = KitVersion.objects.select_for_update().get(pk=version.pk)
    _check_open(locked)
    locked.released_at = timezone.now()
    locked.save(update_fields=["released_at"])
    audit.record_change("kit.released", locked, actor=actor)
    transaction.on_commit(_announce)
    return locked


def _announce() -> None:
    """Let every district's coordination be told; their desk shows it anyway."""
    for schema_name in District.objects.tended().values_list("schema_name", flat=True):
        queueing.send(mails.TASK, schema_name=schema_name)


@transaction.atomic
def apply_whole(district: District, *, actor: Actor) -> int:
    """Give a new district everything of the current version that it lacks; return how much."""
    with schema_context(PUBLIC):
        current = KitVersion.objects.current()
        taken = set(Taken.objects.filter(district_id=district.pk).values_list("key", flat=True))
        items = list(current.items.select_related("version")) if current else []
    return _make_missing(district, [item for item in items if item.key not in taken], actor=actor)


@transaction.atomic
def apply_texts(district: District, *, actor: Actor) -> int:
    """Give a district with teams and topics of its own the kit's texts; return how many."""
    with schema_context(PUBLIC):
        current = KitVersion.objects.current()
        taken = Taken.objects.filter(district_id=district.pk).values("key")
        texts = KitItem.objects.filter(version=current, kind__in=TextKind.values)
        items = list(texts.exclude(key__in=taken).select_related("version"))
    return _make_missing(district, items, actor=actor)


def _make_missing(district: District, items: list[KitItem], *, actor: Actor) -> int:
    with tenant_context(district):
        there = installers.find_all(items)
        made = [item for item in items if item.key not in there]
        for item in made:
            installers.make(item, actor=actor)
    with schema_context(PUBLIC):
        Taken.objects.bulk_create(
            Taken(
                district_id=district.pk, key=item.key, version=item.version.number,
                digest=installers.of_item(item),
            )
            for item in made
        )  # fmt: skip
    return len(made)


def _note(district: District, item: KitItem, digest: str) -> None:
    with schema_context(PUBLIC):
        Taken.objects.update_or_create(
            district_id=district.pk,
            key=item.key,
            defaults={"version": item.version.number, "digest": digest},
        )


def offers(district: District) -> Iterator[Offer]:
    """Return what the current version has that a district lacks or has in an older form."""
    with schema_context(PUBLIC):
        current = KitVersion.objects.current()
        items = list(current.items.select_related("version")) if current else []
        taken = {row.key: row for row in Taken.objects.filter(district_id=district.pk)}
    with tenant_context(district):
        there = installers.find_all(items)
        for item in items:
            offer = _offer(item, taken.get(item.key), there.get(item.key))
            if offer is not None:
                yield offer


def _offer(item: KitItem, taken: Taken | None, thing: Any) -> Offer | None:
    if taken is not None and taken.version == item.version.number:
        return None  # taken over, or seen and left
    if thing is None:
        # What the district removed or never wanted is not pressed on it with every version.
        return None if taken is not None and not _changed(item, taken) else Offer(item, True, False)
    now = installers.of_thing(thing)
    if now == installers.of_item(item):
        return None
    edited = taken is None or now != taken.digest
    title, words, *_english = installers.words_of(thing)
    return Offer(item, False, edited, title, words)


def _changed(item: KitItem, taken: Taken) -> bool:
    return taken.digest != installers.of_item(item)


@transaction.atomic
def take_over(district: District, key: str, *, actor: Actor) -> None:
    """Give a district one item of the current version.

    Raises ValidationError where the item is not on offer, or where the district has words of its
    own: those are never overwritten.
    """
    offer = _one(district, key)
    if offer.is_edited:
        raise ValidationError(_("Diesen Text haben Sie selbst geändert. Er bleibt, wie er ist."))
    with tenant_context(district):
        thing = installers.find(offer.item)
        if thing is None:
            installers.make(offer.item, actor=actor)
        else:
            installers.change(thing, offer.item, actor=actor)
    _note(district, offer.item, installers.of_item(offer.item))


@transaction.atomic
def leave(district: District, key: str, *, actor: Actor) -> None:
    """Note that a district does not want an item of this version. Raises ValidationError."""
    offer = _one(district, key)
    with schema_context(PUBLIC):
        taken = Taken.objects.filter(district_id=district.pk, key=key).first()
    # The old fingerprint stays: what the district wrote itself counts as its own in every version.
    kept = taken.digest if taken else ""
    # What is not there at all is left in these very words: offered again when they change.
    _note(district, offer.item, installers.of_item(offer.item) if offer.is_new else kept)
    with tenant_context(district):
        audit.record_event("kit.left", None, actor=actor, details={"key": key})


def _one(district: District, key: str) -> Offer:
    for offer in offers(district):
        if offer.item.key == key:
            return offer
    raise ValidationError(_("Davon gibt es nichts Neues."))


def current_version() -> KitVersion | None:
    """Return the newest released version, wherever it is asked for."""
    with schema_context(PUBLIC):
        return KitVersion.objects.current()


def version_of(district: District) -> int:
    """Return the newest version from which a district has something; 0 for none."""
    newest = Taken.objects.filter(district_id=district.pk).aggregate(models.Max("version"))
    return int(newest["version__max"] or 0)


def forget(district: District) -> None:
    """Remove what is noted about a district, in the caller's transaction."""
    Taken.objects.filter(district_id=district.pk).delete()
