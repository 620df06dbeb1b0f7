"""What the documents are filled with: the data of the district, its Träger and the platform."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django_tenants.utils import schema_context, tenant_context

from tenants.accountability.measures import MEASURES
from tenants.accountability.models import SubProcessor
from tenants.districts.models import District, PlatformOperator, State
from tenants.districts.models.operators import Responsible
from tenants.lifecycle.ending import GRACE
from tenants.visits.support import MINUTES
from wiq.accounts.models import User
from wiq.accounts.roles import Role, allows, withheld_from_visits
from wiq.processing import Activity, Side, categories, of_side
from wiq.tenancy import PUBLIC

# Every text that waits for something says so in brackets that begin like this.
GAP = "[noch nicht angegeben"
UNKNOWN = f"{GAP}]"
VISIT_HOURS = max(MINUTES) // 60
# What the project team reads in a visit, where it reads what the coordination reads.
VISITS = (
    f"Projektteam der Plattform: nur in einem Besuch mit Grund, höchstens {VISIT_HOURS} Stunden"
)


@dataclass(frozen=True)
class Party:
    """One side of a document, each text on one line, with words where something is missing."""

    name: str
    address: str
    representative: str
    email: str
    phone: str
    officer: str
    is_public: bool


@dataclass(frozen=True)
class Row:
    """One activity as the documents say it."""

    key: str
    title: str
    purpose: str
    basis: str
    people: str
    categories: str
    readers: str
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reachable:
    """Somebody who is called in an emergency."""

    name: str
    email: str


def party(found: Responsible | None) -> Party:
    """Return what is known of an organisation, and say so where something is not."""
    if found is None:
        return Party(
            name=UNKNOWN, address=UNKNOWN, representative=UNKNOWN, email=UNKNOWN, phone=UNKNOWN,
            officer=UNKNOWN, is_public=False,
        )  # fmt: skip
    return Party(
        name=one_line(found.legal_name),
        address=one_line(found.address),
        representative=one_line(found.representative),
        email=one_line(found.email),
        phone=one_line(found.phone),
        officer=_officer(found),
        is_public=found.is_public_body,
    )


def one_line(text: str) -> str:
    """Return a text of several lines on one, or words for that it is missing."""
    return ", ".join(part.strip() for part in text.splitlines() if part.strip()) or UNKNOWN


def _officer(found: Responsible) -> str:
    """Return the data protection officer: a public body has one (Art. 37 (1) a GDPR)."""
    if found.data_protection_officer.strip() or found.is_public_body:
        return one_line(found.data_protection_officer)
    return "nicht benannt (keine Pflicht nach Art. 37 DSGVO und § 38 BDSG angegeben)"


def of_district(district: District) -> dict[str, Any]:
    """Return the facts of a district's folder. Reads both schemas, one after the other."""
    with schema_context(PUBLIC):
        traeger = district.operator
        facts = _of_both(traeger, district)
    with tenant_context(district):
        coordination = _reachable(Role.COORDINATOR)
    runs_platform = traeger is not None and traeger.runs_platform
    return facts | {
        "district": district,
        "here": f"Quartier {district.name}, {district.city}",
        "traeger": party(traeger),
        "reachable": coordination,
        "is_own_platform": runs_platform,
        "owes_accessibility": traeger is not None and traeger.owes_accessibility,
        "legal": district,
        "rows": _rows(district, traeger, Side.TRAEGER, Side.BOTH),
        "clients": [party(traeger)],
    }


def of_platform() -> dict[str, Any]:
    """Return the facts of the platform's own folder."""
    with schema_context(PUBLIC):
        operator = PlatformOperator.objects.known()
        facts = _of_both(operator, None)
        districts = District.objects.filter(operator__isnull=False).exclude(state=State.DELETED)
        clients = {
            one.operator_id: party(one.operator) for one in districts.select_related("operator")
        }
        return facts | {
            "district": None,
            "here": "die Plattform „Wir im Quartier“",
            "traeger": party(operator),
            "reachable": _reachable(Role.PROJECT_TEAM),
            "is_own_platform": True,
            "owes_accessibility": operator is not None and operator.owes_accessibility,
            "legal": None,
            "rows": _rows(None, operator, Side.PLATFORM, Side.BOTH),
            "clients": sorted(clients.values(), key=lambda one: one.name),
        }


def _of_both(responsible: Responsible | None, district: District | None) -> dict[str, Any]:
    return {
        "platform": party(PlatformOperator.objects.known()),
        "helpers": list(SubProcessor.objects.all()),
        "measures": MEASURES,
        "ledger_days": settings.WIQ_LEDGER_DAYS,
        "grace_days": GRACE.days,
        "visit_hours": VISIT_HOURS,
        "money_known": _says_who_pays(responsible),
        "processed": _rows(district, responsible, Side.TRAEGER, Side.BOTH),
    }


def _says_who_pays(found: Responsible | None) -> bool:
    return found is not None and (found.is_public_body or found.publicly_funded is not None)


def _rows(district: District | None, responsible: Responsible | None, *sides: Side) -> list[Row]:
    is_public = responsible is not None and responsible.is_public_body
    return [_row(one, district, is_public=is_public) for one in of_side(*sides)]


def _row(activity: Activity, district: District | None, *, is_public: bool) -> Row:
    # The platform's own record names no single district: the default stands for all of them.
    for_terms = district or District()
    return Row(
        key=activity.key,
        title=activity.title,
        purpose=activity.purpose,
        basis=activity.basis.words(is_public_body=is_public),
        people="; ".join(activity.people),
        categories="; ".join(categories(activity)),
        readers="; ".join(_readers(activity)),
        terms=tuple((one.words(for_terms), one.eraser) for one in activity.terms),
    )


def _readers(activity: Activity) -> list[str]:
    """Return who reads an activity's data; the project team does in a visit what roles allow it."""
    if activity.side is Side.PLATFORM or activity.readers[0].startswith("alle"):
        return [*activity.readers]
    seen = [
        permission for permission in map(_viewing, activity.models) if _seen_in_visits(permission)
    ]
    return [*activity.readers, VISITS] if seen else [*activity.readers]


def _viewing(label: str) -> str:
    app, _dot, model = label.partition(".")
    return f"{app}.view_{model}"


def _seen_in_visits(permission: str) -> bool:
    return allows(Role.COORDINATOR, permission) and not withheld_from_visits(permission)


def _reachable(role: Role) -> list[Reachable]:
    found = User.objects.with_role(role).filter(is_active=True).order_by("pk")
    return [Reachable(user.name or user.email, user.email) for user in found]
