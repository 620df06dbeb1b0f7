"""What a district did, month by month, for those who pay for it: numbers, no words and no names."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.contact.models import ContactRequest
from directory.conversations import promised
from directory.desk.frame import desk_page, show
from directory.ideas.models import Idea
from directory.solutions.models import SolutionTeam, Update
from tenants.districts.requests import DistrictRequest
from wiq import spreadsheets
from wiq.admin.base import account
from wiq.audit import services as audit
from wiq.submissions.models import SUSPICIOUS

SEES = "conversations.view_conversation"
MONTHS = 24


@dataclass(frozen=True)
class Month:
    """The numbers of one month."""

    first: date
    requests: int
    ideas: int
    due: int
    in_time: int
    new_teams: int
    news: int

    @property
    def title(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def cells(self) -> list[str | int]:
        """Return the numbers in the order of ``headings``."""
        return [f"{self.first:%Y-%m}", self.requests, self.ideas, self.due, self.in_time,
                self.new_teams, self.news]  # fmt: skip


def headings() -> list[str]:
    """Return what the columns are."""
    return [
        _("Monat"), _("Anfragen"), _("Ideen"), _("Antwort war fällig"), _("davon rechtzeitig"),
        _("neue Lösungsteams"), _("Neuigkeiten"),
    ]  # fmt: skip


def by_month() -> list[Month]:
    """Return the last two years at most, the newest month first; none before the first number."""
    requests = _by_month(ContactRequest.objects.exclude(state=SUSPICIOUS), "created_at")
    ideas = _by_month(Idea.objects.exclude(state=SUSPICIOUS), "created_at")
    teams = _by_month(SolutionTeam.objects.published(), "created_at")
    news = _by_month(
        Update.objects.filter(solution_team__in=SolutionTeam.objects.published()), "date"
    )
    known = {*requests, *ideas, *teams, *news}
    months = _months_since(min(known, default=timezone.localdate()))
    begin = timezone.make_aware(datetime.combine(months[-1], time.min))
    answers = promised.kept_by_month(since=begin)
    nobody = promised.Kept(0, 0)
    return [
        Month(
            month, requests.get(month, 0), ideas.get(month, 0), answers.get(month, nobody).due,
            answers.get(month, nobody).in_time, teams.get(month, 0), news.get(month, 0),
        )
        for month in months
    ]  # fmt: skip


def _months_since(day: date) -> list[date]:
    """Return the first days of the months back to a day, as far as they are shown."""
    found = [timezone.localdate().replace(day=1)]
    while found[-1] > day and len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _by_month(rows: Any, column: str) -> dict[date, int]:
    counted = rows.order_by().annotate(month=TruncMonth(column)).values_list("month")
    found = counted.annotate(Count("pk"))
    return {(month.date() if isinstance(month, datetime) else month): n for month, n in found}


@require_safe
@desk_page(permission=SEES)
def figures(request: DistrictRequest) -> HttpResponse:
    """Show the numbers of the last months."""
    context = {"nav": "everything", "months": by_month(), "headings": headings()}
    return show(request, "desk/figures.html", context)


@require_safe
@desk_page(permission=SEES)
def table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Hand them out as CSV or XLSX."""
    if kind not in spreadsheets.KINDS:
        raise Http404
    audit.record_event("figures.exported", None, actor=account(request))
    lines = [month.cells for month in by_month()]
    return spreadsheets.response(kind, "zahlen", headings(), lines)
