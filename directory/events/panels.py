"""What comes next, on the pages and in the mails of others."""

from datetime import timedelta
from typing import Any

from django.template.loader import render_to_string

from directory.events import addresses
from directory.events.models import Occurrence
from directory.people.dates import today
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.web.hosts import on_district
from wiq.web.panels import Panel, Spot, panels

TEMPLATES = {
    Spot.START: "events/panel_start.html",
    Spot.NEWS: "events/panel_link.html",
    Spot.TEAM: "events/panel_team.html",
    Spot.SOLUTION_TEAM: "events/panel_team.html",
    Spot.DISTRICT_POSTER: "events/panel_poster.html",
    Spot.SOLUTION_TEAM_POSTER: "events/panel_poster.html",
    Spot.MAIL_TEXT: "events/mail/next.txt",
    Spot.MAIL_HTML: "events/mail/next.html",
}
MAILS = (Spot.MAIL_TEXT, Spot.MAIL_HTML)
# A poster hangs for some weeks, a mail is read on the day; both say less than a page.
MOST, ON_PAPER, IN_MAILS = 4, 3, 5
MAILED_AHEAD = timedelta(days=14)


def show(spot: Spot, about: Any) -> str:
    """Return the next dates of a team or of the district, for one place."""
    if spot is Spot.NEWS:
        return render_to_string(TEMPLATES[spot])
    found = Occurrence.objects.published().coming()
    if isinstance(about, SolutionTeam | Team):
        found = found.of(about)
    if spot in MAILS:
        found = found.between(today() - MAILED_AHEAD, today() + MAILED_AHEAD)
    if spot in (*MAILS, Spot.START) or "poster" in spot.value:
        found = found.taking_place()
    if spot in (Spot.START, Spot.DISTRICT_POSTER):
        # One that comes every week would leave no room for others.
        found = found.next_of_each()
    most = IN_MAILS if spot in MAILS else ON_PAPER if "poster" in spot.value else MOST
    rows = list(found[:most])
    if not rows:
        return ""
    links = (
        {row.pk: on_district("events:event", row.event_id) for row in rows} if spot in MAILS else {}
    )
    context = {"rows": rows, "links": links, "about": about, "calendar": _calendar(about)}
    return render_to_string(TEMPLATES[spot], context)


def _calendar(about: Any) -> str:
    """Return where calendars subscribe to the dates of a team; nowhere for a whole district."""
    if isinstance(about, SolutionTeam):
        return addresses.subscribed("solution_team_calendar", about.slug)
    return addresses.subscribed("team_calendar", about.slug) if isinstance(about, Team) else ""


panels.register(Panel(100, tuple(TEMPLATES), show))
