"""What rooms do with personal data, for the record of Art. 30 GDPR: ``processing.py`` of each.

A system check refuses a model with personal data of which no activity speaks. A term names the
constant or the setting that the erasing itself uses, and the work that erases, so that what the
documents promise and what the night does cannot part (docs/decisions/0100-declared-processing.md).
The words are German, as the documents are: they are read by data protection officers here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import Model

from wiq.declared import data_of
from wiq.rooms import Registry, RoomConfig


class Side(Enum):
    """Who decides on the purposes of an activity (Art. 4 no. 7 GDPR)."""

    TRAEGER = "der Träger des Quartiers"
    PLATFORM = "der Betreiber der Plattform"
    BOTH = "jeder für seine eigenen Konten"


class Basis(Enum):
    """What makes an activity lawful (Art. 6 (1) GDPR); ``public`` is what a public body says."""

    CONSENT = "Art. 6 Abs. 1 Buchst. a DSGVO: Einwilligung"
    CONTRACT = "Art. 6 Abs. 1 Buchst. b DSGVO: vor und während einer Vereinbarung"
    # § 3 (1) SächsDSDG is the Saxon ground of Art. 6 (1) e with (3) b GDPR for public bodies.
    INTEREST = "Art. 6 Abs. 1 Buchst. f DSGVO: berechtigtes Interesse"
    # Whatever protects the service itself (Art. 5 (1) f, Art. 32 GDPR).
    SECURITY = (
        "Art. 6 Abs. 1 Buchst. f DSGVO: berechtigtes Interesse an einem sicheren Betrieb (Art. 32)"
    )

    def words(self, *, is_public_body: bool) -> str:
        """Return the basis in words; a public body has no (f) for its tasks (Art. 6 (1) GDPR)."""
        if is_public_body and self is Basis.INTEREST:
            return (
                "Art. 6 Abs. 1 Buchst. e DSGVO mit § 3 Abs. 1 SächsDSDG: Aufgabe im öffentlichen"
                " Interesse"
            )
        if is_public_body and self is Basis.SECURITY:
            return (
                "Art. 6 Abs. 1 Buchst. e DSGVO mit § 3 Abs. 1 SächsDSDG: sicherer Betrieb"
                " (Art. 32 DSGVO)"
            )
        return self.value


@dataclass(frozen=True)
class Term:
    """How long something stays, from when on, and what erases it.

    ``lasts`` is the very constant that the erasing compares with: a timedelta, a number of calendar
    months, or a function that reads months from the district's row. None: ``until`` says what ends
    it. ``eraser`` is the name of a nightly chore or of a task; empty where ``until`` says enough.
    """

    what: str
    lasts: timedelta | int | Callable[[Any], int] | None
    since: str = ""
    until: str = ""
    eraser: str = ""

    def months(self, district: Any) -> int | None:
        """Return the calendar months, if the term is counted in them."""
        if self.lasts is None or isinstance(self.lasts, timedelta):
            return None
        return self.lasts if isinstance(self.lasts, int) else self.lasts(district)

    def words(self, district: Any) -> str:
        """Return the term as the documents say it, for this district."""
        if self.lasts is None:
            return f"{self.what}: {self.until}"
        return f"{self.what}: {self.span(district)} {self.since}".strip()

    def span(self, district: Any) -> str:
        """Return how long, in words: months, days or hours."""
        months = self.months(district)
        if months is not None:
            return _counted(months, "Monat", "Monate")
        assert isinstance(self.lasts, timedelta)
        if self.lasts < timedelta(days=2):
            return _counted(int(self.lasts / timedelta(hours=1)), "Stunde", "Stunden")
        return _counted(self.lasts.days, "Tag", "Tage")


def _counted(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


@dataclass(frozen=True)
class Activity:
    """One row of the record of processing activities: a room's, or a part of one.

    ``place`` orders the rows. ``models`` are labels; their personal fields are the categories of
    data, by their names at the desk or, where those say too little, as ``says`` has them.
    ``besides`` names data that stand in no column.
    """

    place: int
    key: str
    title: str
    side: Side
    purpose: str
    basis: Basis
    people: tuple[str, ...]
    models: tuple[str, ...]
    readers: tuple[str, ...]
    terms: tuple[Term, ...]
    says: Mapping[str, str] = field(default_factory=dict)
    besides: tuple[str, ...] = ()


activities: Registry[Activity] = Registry("processing")


def in_order() -> list[Activity]:
    """Return the activities of all rooms, in the order of the record."""
    return sorted(activities, key=lambda activity: activity.place)


def of_side(*sides: Side) -> list[Activity]:
    """Return the activities on whose purposes one of these decides."""
    return [activity for activity in in_order() if activity.side in sides]


def categories(activity: Activity) -> list[str]:
    """Return what data an activity holds: the personal fields of its models, in words."""
    found: dict[str, None] = {}
    for label in activity.models:
        model = apps.get_model(label)
        for name in data_of(model).personal:
            words = activity.says.get(name) or str(model._meta.get_field(name).verbose_name)
            found[words[:1].upper() + words[1:]] = None
    return [*found, *activity.besides]


def unnamed(activity: Activity) -> list[str]:
    """Return the personal columns for which neither the desk nor the activity has words.

    A column of somebody else's app has none of ours: its name comes from that app's catalogue.
    """
    return [
        f"{label}.{name}"
        for label in activity.models
        for name in data_of(apps.get_model(label)).personal
        if name not in activity.says and not _has_words(apps.get_model(label), name)
    ]


def _has_words(model: type[Model], name: str) -> bool:
    words = str(getattr(model._meta.get_field(name), "verbose_name", ""))
    said = words not in ("", name.replace("_", " "))
    return said and isinstance(model._meta.app_config, RoomConfig)
