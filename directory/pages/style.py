"""Every component of the pages in every state, for developers and the screenshot tests.

Only available with WIQ_STYLE_PAGE, which production never sets. All people on it are invented.
"""

from types import SimpleNamespace as Thing
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.contact.forms import ContactForm
from directory.ideas.forms import IdeaForm
from directory.pages import swarm
from directory.pages.swarm_names import write_names
from directory.people.choices import Bench
from directory.people.seats import BenchCount, drawing
from directory.solutions.choices import PUBLIC_STATES
from directory.videos.elsewhere import PROVIDERS, VideoElsewhere


def _benches() -> list[BenchCount]:
    """Return one bench for each way in which seats can be taken."""
    ways = ({"named": 2}, {"unnamed": 2}, {"named": 1, "unnamed": 1}, {"vacant": 2})
    return [
        BenchCount(bench, str(bench.label), total=2, names=["Erika Beispiel"] * way.get("named", 0),
                   **way)
        for bench, way in zip(Bench, ways, strict=True)
    ]  # fmt: skip


def _person(**changes: Any) -> Thing:
    told = {
        "name": "Erika Beispiel", "slug": "erika", "initials": "EB", "sector": "civil_society",
        "get_sector_display": "Zivilgesellschaft", "portrait": "", "portrait_alt": "",
        "about": "Lebt seit zwanzig Jahren hier und kennt jeden Baum.", "quote": "",
    }  # fmt: skip
    return Thing(**(told | changes))


def _solution_teams() -> list[Thing]:
    return [
        Thing(
            pk=number, slug="beispiel", name=f"Beispiel: {state.label}", state=state.value,
            get_state_display=state.label.__str__, challenge="Im Quartier fehlen Bänke zum Ausruhen.",
            topic_list=[{"slug": "begegnung", "name": "Begegnung"}], member_list=[],
        )
        for number, state in enumerate(PUBLIC_STATES)
    ]  # fmt: skip


def _swarm(teams: list[Thing]) -> swarm.Swarm:
    spots = [swarm.Spot(0, 0, Thing(slug="beispiel", name="Beispielteam", abbreviation="BT",
                                    people=3, shown_memberships=[]))]  # fmt: skip
    flock = [
        swarm.Spot(130 * (number - 2), 130 if number % 2 else -130, team, 40 * number)
        for number, team in enumerate(teams)
    ]
    people = [swarm.Spot(0, -50, Thing(person=_person()))]
    lines = [swarm.line(spots[0], bird) for bird in flock]
    return write_names(swarm.Swarm(330, spots, people, [swarm.Spot(44, 26, None)], flock, lines))


def _wrong() -> ContactForm:
    form = ContactForm({}, auto_id="falsch_%s")
    form.is_valid()
    form.add_error(None, ValidationError(_("Bitte schauen Sie noch einmal nach")))
    return form


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Show all components."""
    benches = _benches()
    people = [
        Thing(person=_person(), role="Sprecherin", portrait_shown=False),
        Thing(person=_person(quote="Ich mag, wenn etwas fertig wird.", about=""), role="",
              portrait_shown=False),
    ]  # fmt: skip
    teams = _solution_teams()
    provider = PROVIDERS[0]
    context = {
        "benches": benches, "drawing": drawing(benches), "people": people,
        "team": Thing(shown_memberships=people), "solution_teams": teams, "swarm": _swarm(teams),
        "video": Thing(
            pk=0, title="Ein Video von hier", captions=True, captions_en=True, minutes=2, kind="mp4",
            width=640, height=360, transcript="Erika Beispiel grüßt aus dem Quartier.",
        ),
        "elsewhere": VideoElsewhere("https://video.example/", "video.example", provider, ""),
        "form": ContactForm(None), "wrong": _wrong(),
        "choice": IdeaForm(None)["wants_to_help"], "waiting": 20,
        "tokens": ("brand", "brand-text", "brand-mark", "brand-soft", "brand-line", "brand-deep",
                   "ink", "soft-ink", "paper", "card", "line", "warn"),
    }  # fmt: skip
    return render(request, "pages/style.html", context)
