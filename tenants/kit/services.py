"""The kit: the project team releases versions, and districts take what they like."""

import json
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
from tenants.kit.offers import Offer, offers
from wiq import queueing
from wiq.actors import Actor
from wiq.audit import records
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC

DATA = Path(__file__).parent / "data"
FIELDS = ("key", "kind", "title", "text", "text_en", "data")


@transaction.atomic
def load(file: Path, *, actor: Actor) -> KitVersion | None:
    """Load a version from a data file as released; None if its number already exists."""
    data = json.loads(file.read_text(encoding="utf-8"))
    if KitVersion.objects.filter(number=data["version"]).exists():
        return None
    version = KitVersion.objects.create(number=data["version"], notes=data["notes"])
    for row in data["items"]:
        item = KitItem(version=version, **{name: row[name] for name in FIELDS if name in row})
        item.full_clean()
        item.save()
    # Nobody is mailed: shipped versions come with a new version of the platform.
    version.released_at = timezone.now()
    version.save(update_fields=["released_at"])
    audit.record_change("kit.loaded", version, actor=actor)
    return version


def load_shipped(*, actor: Actor) -> list[KitVersion]:
    """Load every data file that is not loaded yet, the oldest first."""
    files = sorted(DATA.glob("kit-*.json"), key=lambda file: int(file.stem.partition("-")[2]))
    return [version for file in files if (version := load(file, actor=actor)) is not None]


def as_data(version: KitVersion) -> dict[str, Any]:
    """Return a version in the form of its data file."""
    items = [{name: getattr(item, name) for name in FIELDS} for item in version.items.all()]
    return {"version": version.number, "notes": version.notes, "items": items}


@transaction.atomic
def begin_next(*, actor: Actor) -> KitVersion:
    """Start the next version as a copy of the newest, or return one that is already started."""
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
    _locked_open(item.version)
    records.tidy(item)
    item.full_clean()
    item.save()
    audit.record_change("kit.item_saved", item, actor=actor)
    return item


@transaction.atomic
def save_version(version: KitVersion, *, actor: Actor) -> KitVersion:
    """Save a version's description of its news. Raises ValidationError for a released one."""
    _locked_open(version)
    records.tidy(version)
    version.full_clean()
    version.save(update_fields=["notes"])
    audit.record_change("kit.version_saved", version, actor=actor)
    return version


@transaction.atomic
def remove_item(item: KitItem, *, actor: Actor) -> None:
    """Remove an item from a version that is not released; districts keep their copies.

    Raises ValidationError for a released one.
    """
    _locked_open(item.version)
    audit.record_change("kit.item_removed", item, actor=actor)
    item.delete()


def _locked_open(version: KitVersion) -> KitVersion:
    """Return the current row of a version, locked until the transaction ends.

    Every write of a version and of its items takes this lock, so that nothing changes between
    the check and a release. Raises ValidationError if it is released.
    """
    held = KitVersion.objects.select_for_update().get(pk=version.pk)
    if held.released_at is not None:
        raise ValidationError(_("Diese Fassung ist veröffentlicht. Bitte beginnen Sie eine neue."))
    return held


@transaction.atomic
def release(version: KitVersion, *, actor: Actor) -> KitVersion:
    """Release a version for new districts and tell the others about it. Raises ValidationError."""
    locked = _locked_open(version)
    locked.released_at = timezone.now()
    locked.save(update_fields=["released_at"])
    audit.record_change("kit.released", locked, actor=actor)
    transaction.on_commit(_announce)
    return locked


def _announce() -> None:
    """Queue a mail to every district's coordination; their desk shows the version anyway."""
    for schema_name in District.objects.tended().values_list("schema_name", flat=True):
        queueing.send(mails.TASK, schema_name=schema_name)


@transaction.atomic
def apply_whole(district: District, *, actor: Actor) -> int:
    """Give a new district all items of the current version that it lacks; return how many."""
    with schema_context(PUBLIC):
        current = KitVersion.objects.current()
        taken = set(Taken.objects.filter(district_id=district.pk).values_list("key", flat=True))
        items = list(current.items.select_related("version")) if current else []
    return _make_missing(district, [item for item in items if item.key not in taken], actor=actor)


@transaction.atomic
def apply_texts(district: District, *, actor: Actor) -> int:
    """Give only the kit's texts to a district with its own teams and topics; return how many."""
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
        installers.make_all(made, actor=actor)
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


@transaction.atomic
def take_over(district: District, key: str, *, actor: Actor) -> None:
    """Give a district one item of the current version.

    Raises ValidationError if the item is not on offer, or if the district has changed the text,
    which is never overwritten.
    """
    offer = _one(district, key)
    if offer.is_edited:
        raise ValidationError(_("Sie haben diesen Text selbst geändert. Er bleibt, wie er ist."))
    _take(district, offer, actor=actor)


@transaction.atomic
def take_kind_over(district: District, kind: str, *, actor: Actor) -> int:
    """Give a district all items of one kind on offer; return how many there were.

    What the district has changed itself stays on offer, to be read.
    """
    taken = [offer for offer in offers(district) if offer.item.kind == kind and not offer.is_edited]
    for offer in taken:
        _take(district, offer, actor=actor)
    return len(taken)


def _take(district: District, offer: Offer, *, actor: Actor) -> None:
    with tenant_context(district):
        thing = installers.find(offer.item)
        if thing is None:
            installers.make_all([offer.item], actor=actor)
        else:
            installers.change(thing, offer.item, actor=actor)
    _note(district, offer.item, installers.of_item(offer.item))


@transaction.atomic
def leave(district: District, key: str, *, actor: Actor) -> None:
    """Note that a district does not want an item of this version. Raises ValidationError."""
    offer = _one(district, key)
    with schema_context(PUBLIC):
        taken = Taken.objects.filter(district_id=district.pk, key=key).first()
    # Keep the old fingerprint, so that the district's own text counts as such in every version.
    kept = taken.digest if taken else ""
    # For a missing item, store the text that was left: it is offered again when that changes.
    _note(district, offer.item, installers.of_item(offer.item) if offer.is_new else kept)
    with tenant_context(district):
        audit.record_event("kit.left", None, actor=actor, details={"key": key})


def _one(district: District, key: str) -> Offer:
    for offer in offers(district):
        if offer.item.key == key:
            return offer
    raise ValidationError(_("Davon gibt es nichts Neues."))


def current_version() -> KitVersion | None:
    """Return the newest released version, from any host."""
    with schema_context(PUBLIC):
        return KitVersion.objects.current()


def version_of(district: District) -> int:
    """Return the newest version from which a district has something; 0 for none."""
    newest = Taken.objects.filter(district_id=district.pk).aggregate(models.Max("version"))
    return int(newest["version__max"] or 0)


def forget(district: District) -> None:
    """Delete a district's choices, in the caller's transaction."""
    Taken.objects.filter(district_id=district.pk).delete()
