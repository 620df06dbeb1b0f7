"""The first page of the console: open tasks for the project team."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from tenants.applications.models import Application
from tenants.cells import room
from tenants.console.models import Alarm, Vital
from tenants.districts.models import District, State
from tenants.provisioning.models import Order, OrderState
from wiq.audit import names
from wiq.outbox.models import Pointer, Trouble
from wiq.version import VERSION


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the open tasks to the console's first page (unfold's DASHBOARD_CALLBACK)."""
    states = dict(District.objects.values_list("state").annotate(Count("pk")).order_by())
    alarms = Alarm.objects.open().select_related("district")
    known = names.of_accounts(alarms.values_list("taken_by", flat=True))
    return context | {
        "version": VERSION,
        "counts": [
            (label, states.get(value, 0)) for value, label in State.choices if states.get(value)
        ],
        "applications": [
            (found, reverse("plattform:applications_application_change", args=[found.pk]))
            for found in Application.objects.open()[:20]
        ],
        "full": room.if_full(),
        "orders": Order.objects.open()[:20],
        "failed": Order.objects.filter(state=OrderState.FAILED, application__isnull=False)[:5],
        "alarms": [_line(alarm, known) for alarm in alarms.filter(put_off_until__isnull=True)[:50]],
        "put_off": [
            _line(alarm, known) for alarm in alarms.filter(put_off_until__isnull=False)[:50]
        ],
        "stuck": Pointer.objects.filter(district_id__isnull=True).stuck().count(),
        "trouble": Trouble.objects.told(),
        "behind": District.objects.behind(),
        "leaving": District.objects.filter(delete_after__isnull=False).order_by("delete_after"),
        "counted": Vital.objects.order_by("-counted_at")
        .values_list("counted_at", flat=True)
        .first(),
        "title": _("Was gerade zu tun ist"),
    }


def _line(alarm: Alarm, known: names.Names) -> tuple[Alarm, str, str]:
    """Return an alarm, the page where one looks after it, and who took it."""
    if alarm.district_id is None:
        url = reverse("plattform:mail_message_changelist")
    else:
        url = reverse("plattform:districts_district_change", args=[alarm.district_id])
    return alarm, url, known.account(alarm.taken_by)
