"""What all districts did, for those who pay for the platform: numbers, no words and no names."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenants.console.models import Snapshot
from wiq import spreadsheets
from wiq.admin.base import account
from wiq.audit import services as audit

COLUMNS = (
    *("people", "teams", "solution_teams", "requests_total", "ideas_total", "requests_open"),
    *("answers_due", "answers_in_time", "oldest_days"),
)


def headings() -> list[str]:
    """Return what the columns are."""
    fields: dict[str, Any] = {field.name: field for field in Snapshot._meta.get_fields()}
    names = [str(fields[name].verbose_name) for name in COLUMNS]
    return [_("Monat"), _("Quartier"), _("Ort"), _("Tag der Zählung"), *names]


def lines() -> list[list[str | int]]:
    """Return a line for each district and month: its last numbers of that month, newest first.

    They are what was counted then, so what is erased in a district since changes no report.
    """
    rows = Snapshot.objects.select_related("district").order_by(
        "district_id", "day__year", "day__month", "-day"
    )
    last = rows.distinct("district_id", "day__year", "day__month")
    found = sorted(last, key=lambda row: (-row.day.year, -row.day.month, row.district.name))
    return [
        [
            f"{row.day:%Y-%m}", row.district.name, row.district.city, f"{row.day:%Y-%m-%d}",
            *(int(getattr(row, name)) for name in COLUMNS),
        ]
        for row in found
    ]  # fmt: skip


@require_safe
def table(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Hand the numbers out as CSV or XLSX."""
    user: Any = request.user
    if not user.has_perm("console.view_vital"):
        raise PermissionDenied
    if kind not in spreadsheets.KINDS:
        raise Http404
    audit.record_event("figures.exported", None, actor=account(request))
    return spreadsheets.response(kind, "zahlen", headings(), lines())
