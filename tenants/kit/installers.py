"""The kit's items in a district: finding, comparing, creating and changing them."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from directory.pages import services as pages
from directory.pages.models import Text
from directory.people import services as people
from directory.people.models import Seat, Team
from directory.solutions import services as solutions
from directory.solutions import writing_many
from directory.solutions.models import Synonyms, Topic
from tenants.kit.models import ItemKind, KitItem
from wiq.actors import Actor
from wiq.database.together import Found, Wanted, read_together
from wiq.typed import with_plain_line_ends

# What is compared of a district's objects.
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Team: ("name", "description"),
    Topic: ("name",),
    Synonyms: ("words",),
    Text: ("title", "body", "body_en"),
}


def digest(title: str, text: str, text_en: str = "") -> str:
    """Return a fingerprint of texts, to tell whether somebody changed them.

    Line ends don't count: versions were saved with those of browsers, districts' texts never were.
    """
    words = [with_plain_line_ends(part) for part in (title, text, text_en)]
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def of_item(item: KitItem) -> str:
    """Return the fingerprint of an item's texts."""
    return digest(item.title, item.text, item.text_en)


def wanted(items: Sequence[KitItem]) -> list[Wanted]:
    """Return the questions for the current district's objects of items, one for each kind."""
    kinds = {ItemKind.TEAM: Team, ItemKind.TOPIC: Topic, ItemKind.SYNONYMS: Synonyms}
    found = []
    for model, fields in FIELDS.items():
        keys = [item.key for item in items if kinds.get(ItemKind(item.kind), Text) is model]
        manager: Any = model._default_manager
        found.append(Wanted(manager.filter(slug__in=keys), ("slug", *fields)))
    return found


def by_key(found: Iterable[Found]) -> dict[str, Any]:
    """Return what was found for the questions of ``wanted``, by the items' keys."""
    return {thing.slug: thing for each in found for thing in each.rows}


def find_all(items: Sequence[KitItem]) -> dict[str, Any]:
    """Return the current district's object for each item, by the item's key, in one statement.

    They have what is compared; the rest is read when it is touched.
    """
    return by_key(read_together(wanted(items)))


def find(item: KitItem) -> Any | None:
    """Return the current district's object for an item, if there is one."""
    thing = find_all([item]).get(item.key)
    return None if thing is None else type(thing)._default_manager.get(pk=thing.pk)


def words_of(thing: Any) -> tuple[str, ...]:
    """Return an object's current texts: the title, the text, the English text."""
    if isinstance(thing, Team):
        return thing.name, thing.description
    if isinstance(thing, Topic):
        return thing.name, ""
    if isinstance(thing, Synonyms):
        return thing.words, ""
    return thing.title, thing.body, thing.body_en


def of_thing(thing: Any) -> str:
    """Return the fingerprint of an object's current texts."""
    return digest(*words_of(thing))


def make_all(items: Sequence[KitItem], *, actor: Actor) -> None:
    """Create the objects of items in the current district. Raises ValidationError.

    A new district gets sixty at once, so those of one kind are written together.
    """
    texts, topics, synonyms = [], [], []
    for item in items:
        if item.kind == ItemKind.TEAM:
            _make_team(item, actor=actor)
        elif item.kind == ItemKind.TOPIC:
            topics.append(Topic(slug=item.key, name=item.title))
        elif item.kind == ItemKind.SYNONYMS:
            synonyms.append(Synonyms(slug=item.key, words=item.title))
        else:
            texts.append(
                Text(slug=item.key, kind=item.kind, title=item.title, body=item.text,
                     body_en=item.text_en, **item.data)
            )  # fmt: skip
    writing_many.create_topics(topics, actor=actor)
    writing_many.create_synonyms(synonyms, actor=actor)
    pages.create_texts(texts, actor=actor)


def _make_team(item: KitItem, *, actor: Actor) -> None:
    data = dict(item.data)
    seats = data.pop("seats", [])
    # Not public until the coordination publishes it.
    team = people.create_team(
        actor=actor, slug=item.key, name=item.title, description=item.text,
        is_published=False, **data,
    )  # fmt: skip
    people.create_seats(
        [Seat(team=team, bench=bench, position=place) for place, bench in enumerate(seats, 1)],
        actor=actor,
    )


def change(thing: Any, item: KitItem, *, actor: Actor) -> None:
    """Set an object's texts to those of an item. Raises ValidationError."""
    if isinstance(thing, Team):
        thing.name, thing.description = item.title, item.text
        people.save(thing, actor=actor)
    elif isinstance(thing, Topic):
        thing.name = item.title
        solutions.save(thing, actor=actor)
    elif isinstance(thing, Synonyms):
        thing.words = item.title
        solutions.save(thing, actor=actor)
    else:
        thing.title, thing.body, thing.body_en = item.title, item.text, item.text_en
        pages.save(thing, actor=actor)
