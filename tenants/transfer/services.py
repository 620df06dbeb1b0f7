"""Importing a district from a folder, through the same services everybody else uses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tenants.utils import tenant_context

from directory.people import services as people
from directory.people.models import Person, Team
from tenants.districts.models import District, Operator
from tenants.provisioning import services as provisioning
from tenants.transfer.folder import DistrictFolder, FolderError, Row

ACTOR = "import"
SEEDS = Path(__file__).parent / "seeds"
DISTRICT_FIELDS = {"name", "city", "since", "phone", "video_url", "colour", "is_demo"}


@transaction.atomic
def import_district(path: Path, *, slug: str = "") -> District:
    """Create the district a folder describes, as a draft: whole, or not at all.

    ``slug`` replaces the one in the folder. Raises FolderError with file and line for what can't
    be read, and ValidationError where the district itself can't be created.
    """
    folder = DistrictFolder(path)
    given = dict(folder.district)
    given.pop("slug", None)
    operator = given.pop("operator", None)
    unknown = given.keys() - DISTRICT_FIELDS
    if unknown:
        raise FolderError(f"district.json: unknown: {', '.join(sorted(unknown))}")
    district = provisioning.create_district(
        slug=slug or folder.slug,
        actor=ACTOR,
        operator=_operator(operator) if operator else None,
        intro=folder.text("intro.de.txt"),
        intro_en=folder.text("intro.en.txt"),
        **given,
    )
    with tenant_context(district):
        _import_people(folder)
    return district


def _operator(data: dict[str, Any]) -> Operator:
    """Return the Träger with these data: two districts may have the same one."""
    try:
        operator = Operator(**data)
        known = Operator.objects.filter(**data).first()
        if known is not None:
            return known
        operator.full_clean()
    except (TypeError, ValidationError) as error:
        raise FolderError(f"district.json, operator: {error}") from None
    operator.save()
    return operator


def _import_people(folder: DistrictFolder) -> None:
    teams: dict[str, Team] = {}
    persons: dict[str, Person] = {}

    def reference(known: dict[str, Any], row: Row, name: str) -> Any:
        slug = row.data.get(name)
        if slug not in known:
            raise FolderError(f"{row.place}: unknown {name} {slug!r}")
        return known[slug]

    for row in folder.rows("teams.jsonl"):
        description = folder.text(f"teams/{row.data.get('slug')}.txt")
        team = _create(row, people.create_team, **row.data, description=description)
        teams[team.slug] = team
    for row in folder.rows("people.jsonl"):
        about = folder.text(f"people/{row.data.get('slug')}.txt")
        person = _create(row, people.create_person, **row.data, about=about)
        persons[person.slug] = person
    for row in folder.rows("seats.jsonl"):
        data = dict(row.data)
        if data.get("person"):
            data["person"] = reference(persons, row, "person")
        data["team"] = reference(teams, row, "team")
        _create(row, people.create_seat, **data)
    for row in folder.rows("memberships.jsonl"):
        pair = {
            "team": reference(teams, row, "team"),
            "person": reference(persons, row, "person"),
        }
        _create(row, people.add_member, **{**row.data, **pair})
    for row in folder.rows("consents.jsonl"):
        person = reference(persons, row, "person")
        _create(row, people.record_consent, **{**row.data, "person": person})


def _create(row: Row, create: Callable[..., Any], **fields: Any) -> Any:
    """Create one object; a mistake in the row is told with its file and line."""
    try:
        return create(actor=ACTOR, **fields)
    except (ValidationError, TypeError) as error:
        text = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise FolderError(f"{row.place}: {text}") from None
