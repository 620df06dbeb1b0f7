"""What a visitor wants to see of the dates: read from the address of the list."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils.http import urlencode

from directory.events.models import Event, Occurrence, OccurrenceQuerySet
from directory.people.dates import today
from directory.solutions.models import Topic

# In ``?von=``: what kind of team a short name belongs to.
SOLUTION_TEAM, TEAM = "loesungsteam", "team"
FIRST_YEAR, LAST_YEAR = 1900, 9998


class Owner(NamedTuple):
    """A team or solution team that announces dates, as the list offers it."""

    key: str
    name: str


@dataclass(frozen=True)
class Wishes:
    """What the address of the list asks for; what nobody can mean is left out."""

    topic: str = ""
    owner: str = ""
    month: date | None = None
    year: int | None = None

    @classmethod
    def read(cls, asked: QueryDict) -> "Wishes":
        """Return the wishes of an address. A month goes before a year of the past."""
        month = _month(asked.get("monat", ""))
        year = None if month else _year(asked.get("jahr", ""))
        return cls(_short(asked.get("fokus", "")), _short(asked.get("von", "")), month, year)

    @property
    def is_narrow(self) -> bool:
        return bool(self.topic or self.owner)

    def query(self, **more: Any) -> str:
        """Return the address's query for these wishes, beside others; empty without any."""
        kept: dict[str, Any] = {"fokus": self.topic, "von": self.owner, **more}
        if self.month is not None:
            kept["monat"] = f"{self.month:%Y-%m}"
        if self.year is not None:
            kept["jahr"] = self.year
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    def at(self, *, month: date | None = None, year: int | None = None) -> "Wishes":
        """Return the same wishes for a month, for a year of the past, or for what is coming."""
        return replace(self, month=month, year=year)

    def rows(self) -> OccurrenceQuerySet:
        """Return the dates that the address asks for, in the order in which they are shown."""
        found: OccurrenceQuerySet = Occurrence.objects.published()
        found = found.about([self.topic] if self.topic else [])
        kind, _dot, slug = self.owner.partition(".")
        if kind == SOLUTION_TEAM:
            found = found.filter(event__solution_team__slug=slug)
        elif kind == TEAM:
            found = found.filter(event__team__slug=slug)
        if self.month is not None:
            return found.during(self.month, last_of(self.month))
        return found.coming() if self.year is None else found.past_of(self.year)


def last_of(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def owners() -> list[Owner]:
    """Return who announces something that is coming, by name; in one statement."""
    found = Event.objects.published().coming().order_by()
    columns = ("solution_team__slug", "solution_team__name", "team__slug", "team__name")
    named = {
        Owner(f"{SOLUTION_TEAM}.{slug}", name) if slug else Owner(f"{TEAM}.{team}", team_name)
        for slug, name, team, team_name in found.values_list(*columns).distinct()
        if slug or team
    }
    return sorted(named, key=lambda owner: owner.name.casefold())


def topics() -> list[Topic]:
    """Return what the solution teams that announce something are about; in one statement."""
    announced = Event.objects.published().coming().values("solution_team_id")
    return list(Topic.objects.filter(solution_teams__in=announced.order_by()).distinct())


def years() -> list[int]:
    """Return the years of which something is over, the latest first; in one statement."""
    over = Occurrence.objects.published().filter(end_day__lt=today())
    return [day.year for day in over.order_by().dates("day", "year", order="DESC")]


def _short(text: str) -> str:
    return text if len(text) < 120 and "\x00" not in text else ""


def _year(text: str) -> int | None:
    known = text.isascii() and text.isdecimal() and len(text) == 4
    return int(text) if known and FIRST_YEAR <= int(text) <= LAST_YEAR else None


def _month(text: str) -> date | None:
    year, _dash, number = text.partition("-")
    found = _year(year)
    is_month = number.isascii() and number.isdecimal() and len(number) == 2
    return date(found, int(number), 1) if found and is_month and 1 <= int(number) <= 12 else None
