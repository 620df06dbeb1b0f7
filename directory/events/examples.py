"""Dates of the demo districts, some days before and after the day on which they are made."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from directory.events import rules, services
from directory.people.dates import today
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.examples import examples

ACTOR = "demo"
TUESDAY, WEDNESDAY, SATURDAY, SUNDAY = 1, 2, 5, 6
HALF_A_YEAR = timedelta(days=180)


@dataclass(frozen=True)
class _Shown:
    """A date of a demo: who invites, on which weekday from how many days ahead, and what."""

    weekday: int
    ahead: int
    texts: dict[str, Any]
    solution_team: str = ""
    team: str = ""
    rhythm: str = rules.ONCE
    # Of a series: what is said of its next date, which does not take place.
    off: str = ""


WESTEN = (
    _Shown(
        WEDNESDAY, -40, solution_team="treffhaltestelle", rhythm=rules.WEEKLY,
        texts={
            "title": "Treffen der Nachbarschaft", "title_en": "Neighbours meet",
            "text": "Wir trinken Kaffee und reden. Wer neu ist, setzt sich einfach dazu.",
            "text_en": "We have coffee and talk. If you are new, just sit down with us.",
            "place": "Schleußig, Könneritzstraße", "time": time(15), "end_time": time(17),
        },
    ),
    _Shown(
        SATURDAY, -40, solution_team="leipzig-giesst", rhythm=rules.TWO_WEEKS,
        off="Es hat genug geregnet.",
        texts={
            "title": "Gemeinsam Straßenbäume gießen", "title_en": "Watering street trees together",
            "text": "Die App zeigt uns, welche Bäume Wasser brauchen. Wir gehen zu zweit los.",
            "text_en": "The app shows us which trees need water. We set off in pairs.",
            "place": "Plagwitz, Karl-Heine-Straße", "time": time(10), "end_time": time(12),
            "bring": "Eine Gießkanne und feste Schuhe", "bring_en": "A watering can, sturdy shoes",
        },
    ),
    _Shown(
        TUESDAY, 3, team="unterstuetzungsteam", rhythm=rules.MONTHLY,
        texts={
            "title": "Sprechstunde für Ideen", "title_en": "Bring your idea",
            "text": "Sie haben eine Idee für das Quartier? Wir hören zu und überlegen mit.",
            "text_en": "Do you have an idea for the quarter? We listen and think along.",
            "place": "Markranstädter Straße 29 b", "time": time(17), "end_time": time(18, 30),
            "needs_registration": True,
        },
    ),
    _Shown(
        SATURDAY, 12, solution_team="parklets",
        texts={
            "title": "Das Parklet putzen und bepflanzen", "title_en": "Clean and plant the parklet",
            "text": "Zum Schluss setzen wir uns zusammen hin: Dafür ist es da.",
            "text_en": "At the end we sit down together: that is what it is for.",
            "place": "Hähnelstraße, am Parklet", "time": time(14), "end_time": time(16),
            "bring": "Handschuhe", "bring_en": "Gloves", "needs_registration": True,
        },
    ),
    _Shown(
        SUNDAY, 20,
        texts={
            "title": "Frühstück für alle im Henriettenpark",
            "title_en": "Breakfast for everybody in Henriettenpark",
            "text": "Jede:r bringt etwas mit. Bei Regen fällt das Frühstück aus.",
            "text_en": "Everybody brings something. If it rains there is no breakfast.",
            "place": "Lindenau, Henriettenpark", "time": time(10), "end_time": time(12),
        },
    ),
    _Shown(
        SUNDAY, -25, solution_team="leipzig-pumpt",
        texts={
            "title": "Spaziergang zu den Pumpen", "title_en": "A walk to the pumps",
            "place": "Lindenau, Lindenauer Markt", "time": time(14), "end_time": time(16),
        },
    ),
)  # fmt: skip
OSTEN = (
    _Shown(
        SUNDAY, -40, solution_team="marianne-kickt", rhythm=rules.WEEKLY,
        texts={
            "title": "Fußball für alle", "title_en": "Football for everybody",
            "text": "Zehn bis zwanzig Menschen spielen mit. Wer zuschauen möchte, schaut zu.",
            "text_en": "Ten to twenty people play. Watching is fine, too.",
            "place": "Mariannenpark", "time": time(14), "end_time": time(16),
        },
    ),
)  # fmt: skip
SHOWN = {"leipziger-westen": WESTEN, "leipziger-osten": OSTEN}


@examples.register
def make(slug: str) -> None:
    """Announce the dates of a demo district."""
    for shown in SHOWN.get(slug, ()):
        _announce(shown)


def _announce(shown: _Shown) -> None:
    owner: dict[str, Any] = {}
    if shown.solution_team:
        owner["solution_team"] = SolutionTeam.objects.get(slug=shown.solution_team)
    if shown.team:
        owner["team"] = Team.objects.get(slug=shown.team)
    day = _day(shown)
    rule = rules.composed(shown.rhythm, day, today() + HALF_A_YEAR)
    event = services.announce(actor=ACTOR, day=day, rule=rule, **owner, **shown.texts)
    following = event.occurrences.coming().in_order().first()
    if shown.off and following is not None:
        services.cancel_date(following, word=shown.off, actor=ACTOR)


def _day(shown: _Shown) -> date:
    """Return the first such weekday; of a monthly one the first that each month has."""
    day = today() + timedelta(days=shown.ahead)
    day += timedelta(days=(shown.weekday - day.weekday()) % 7)
    # No fifth Tuesday: not every month has one.
    is_fifth = rules.nth_of_month(day) > 4
    return day + timedelta(days=7) if shown.rhythm == rules.MONTHLY and is_fifth else day
