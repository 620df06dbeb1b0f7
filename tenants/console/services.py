"""Counting districts, storing the numbers, and telling the project team who needs help."""

from datetime import timedelta
from typing import Any

from django.db import connection as database
from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tenants.utils import schema_context, tenant_context

from directory.contact.models import ContactRequest
from directory.conversations import promised, reminding
from directory.ideas.models import Idea
from directory.people.dates import today
from directory.people.models import Person, Team
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tenants.console import alarms
from tenants.console.models import Alarm, AlarmKind, Numbers, Snapshot, Vital
from tenants.districts.models import District, State
from tenants.kit import services as kit
from tenants.provisioning.mails import project_team
from wiq.accounts.models import User
from wiq.database import introspection
from wiq.database.locks import one_at_a_time
from wiq.mail.writing import write_letter
from wiq.media.storage import district_files
from wiq.outbox.models import Pointer
from wiq.reputation import services as reputation
from wiq.reputation.models import Slowed
from wiq.submissions.models import SUSPICIOUS
from wiq.tenancy import PUBLIC
from wiq.tenancy import connection as current
from wiq.web.hosts import on_platform

SILENT = timedelta(days=60)
# How far back it is asked whether residents were answered in time.
LATELY = timedelta(days=30)
FIELDS = tuple(field.name for field in Numbers._meta.get_fields())


def count(district: District) -> Vital:
    """Count a district in its own schema, and store the numbers in the public one."""
    with tenant_context(district):
        numbers = _inside()
    with schema_context(PUBLIC):
        numbers["kit_version"] = kit.version_of(district)
        numbers["mails_stuck"] = Pointer.objects.filter(district_id=district.pk).stuck().count()
        found = reputation.figures().get(district.pk, reputation.Figures())
        numbers["mails_sent"], numbers["mails_returned"] = found.sent, found.bounces
        numbers["mails_complained"] = found.complaints
        with transaction.atomic():
            vital, _made = Vital.objects.update_or_create(district=district, defaults=numbers)
            Snapshot.objects.update_or_create(district=district, day=today(), defaults=numbers)
    return vital


def _inside() -> dict[str, Any]:
    """Return the numbers of the current district."""
    waiting = ContactRequest.objects.open()
    oldest = waiting.first()
    kept = promised.kept(since=timezone.now() - LATELY)
    stale = SolutionTeam.objects.unconfirmed_since(today() - solutions.ASK_EVERY)
    seen = User.objects.lasting().aggregate(latest=models.Max("last_login"))["latest"]
    return {
        "people": Person.objects.shown().count(),
        "teams": Team.objects.published().count(),
        "solution_teams": SolutionTeam.objects.published().count(),
        "unconfirmed": stale.count(),
        "requests_open": waiting.count(),
        "requests_overdue": reminding.overdue().count(),
        "oldest_days": (timezone.now() - oldest.created_at).days if oldest else 0,
        "ideas_open": Idea.objects.open().count(),
        "requests_total": ContactRequest.objects.exclude(state=SUSPICIOUS).count(),
        "ideas_total": Idea.objects.exclude(state=SUSPICIOUS).count(),
        "answers_due": kept.due,
        "answers_in_time": kept.in_time,
        "last_sign_in": timezone.localdate(seen) if seen else None,
        "schema_version": _migrations(),
        "bytes_stored": _bytes_in_database() + _bytes_in_files(),
    }


def _migrations() -> int:
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        return int(cursor.fetchone()[0])


def _bytes_in_database() -> int:
    with database.cursor() as cursor:
        found = introspection.relations(cursor, current.schema_name)
        tables = [one.oid for one in found if one.kind == introspection.TABLE]
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM unnest(%s::oid[]) oid", [tables]
        )
        return int(cursor.fetchone()[0])


def _bytes_in_files() -> int:
    return sum(file.size for file in district_files().everything())


def alarms_of(vital: Vital) -> set[str]:
    """Return the alarms that follow from a district's numbers."""
    found: set[str] = set()
    if vital.requests_overdue:
        found.add(AlarmKind.OVERDUE)
    if vital.mails_stuck:
        found.add(AlarmKind.MAILS)
    district = vital.district
    if Slowed.objects.filter(district_id=district.pk).exists():
        found.add(AlarmKind.REPUTATION)
    since = vital.last_sign_in or timezone.localdate(district.created_at)
    # An archived district is supposed to be silent.
    if district.state != State.ARCHIVED and today() - since >= SILENT:
        found.add(AlarmKind.SILENT)
    return found


@transaction.atomic
def raise_alarms() -> list[Alarm]:
    """Open new alarms, close old ones, and send the project team one mail about the new ones.

    One that was put off until today is told like a new one. Of two nights at the same moment, the
    second finds what the first has opened.
    """
    one_at_a_time("tenants.console.alarms")
    fresh: list[Alarm] = []
    for vital in Vital.objects.select_related("district"):
        wanted = alarms_of(vital)
        known = Alarm.objects.open().filter(district=vital.district)
        known.exclude(kind__in=wanted).update(ended_at=timezone.now())
        for kind in sorted(wanted - set(known.values_list("kind", flat=True))):
            fresh.append(Alarm.objects.create(district=vital.district, kind=kind))
    fresh += _of_platform()
    fresh += alarms.call_back()
    if fresh:
        _mail(fresh)
    return fresh


def _of_platform() -> list[Alarm]:
    """Open or end the alarm about the platform's own mails; return it if it is new."""
    known = Alarm.objects.open().filter(district__isnull=True)
    if not Pointer.objects.filter(district_id__isnull=True).stuck().exists():
        known.update(ended_at=timezone.now())
        return []
    return [] if known.exists() else [Alarm.objects.create(kind=AlarmKind.MAILS)]


def _line(alarm: Alarm) -> str:
    """Return an alarm for the mail: what it is, and the page where somebody can take it."""
    if alarm.district_id is None:
        return f"{alarm}\n{on_platform('plattform:mail_message_changelist')}"
    return f"{alarm}\n{on_platform('plattform:districts_district_change', alarm.district_id)}"


def _mail(told: list[Alarm]) -> None:
    with translation.override("de"):
        lines = [_line(alarm) for alarm in told]
        count_ = len(told)
        subject = ngettext("%d Hinweis zu den Quartieren", "%d Hinweise zu den Quartieren", count_)
        for address in project_team():
            write_letter(
                kind="console.alarms",
                to=address,
                subject=subject % count_,
                about=told[0],
                paragraphs=[_("hier braucht vielleicht jemand Hilfe:")],
                quote="\n".join(lines),
                button=_("Zur Konsole"),
                url=on_platform("plattform:index"),
            )
