"""Importing a district from a folder, through the same services everybody else uses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tenants.utils import tenant_context

from directory.people import services as people
from directory.people.models import Person, Team
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam, Topic
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
        _import_solutions(folder, _import_people(folder))
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


def _reference(known: dict[str, Any], row: Row, name: str) -> Any:
    """Return the object a row names by its slug. Raises FolderError with file and line."""
    return _named(known, row, name, row.data.get(name))


def _named(known: dict[str, Any], row: Row, name: str, slug: Any) -> Any:
    if not isinstance(slug, str) or slug not in known:
        raise FolderError(f"{row.place}: unknown {name} {slug!r}")
    return known[slug]


def _import_people(folder: DistrictFolder) -> dict[str, Person]:
    """Import teams and people with all that belongs to them; return the people by slug."""
    teams: dict[str, Team] = {}
    persons: dict[str, Person] = {}
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
            data["person"] = _reference(persons, row, "person")
        data["team"] = _reference(teams, row, "team")
        _create(row, people.create_seat, **data)
    for row in folder.rows("memberships.jsonl"):
        pair = {
            "team": _reference(teams, row, "team"),
            "person": _reference(persons, row, "person"),
        }
        _create(row, people.add_member, **{**row.data, **pair})
    for row in folder.rows("consents.jsonl"):
        person = _reference(persons, row, "person")
        _create(row, people.record_consent, **{**row.data, "person": person})
    return persons


def _import_solutions(folder: DistrictFolder, persons: dict[str, Person]) -> None:
    """Import topics and solution teams with their members and updates."""
    topics: dict[str, Topic] = {}
    teams: dict[str, SolutionTeam] = {}
    for row in folder.rows("topics.jsonl"):
        topic = _create(row, solutions.create_topic, **row.data)
        topics[topic.slug] = topic
    for row in folder.rows("solution-teams.jsonl"):
        slug = row.data.get("slug")
        named = row.data.get("topics", [])
        if not isinstance(named, list):
            raise FolderError(f"{row.place}: topics is no list")
        data = row.data | {
            "topics": [_named(topics, row, "topic", name) for name in named],
            "challenge": folder.text(f"solution-teams/{slug}.challenge.txt"),
            "approach": folder.text(f"solution-teams/{slug}.approach.txt"),
        }
        team = _create(row, solutions.create_team, **data)
        teams[team.slug] = team
    for row in folder.rows("solution-team-members.jsonl"):
        pair = {
            "solution_team": _reference(teams, row, "solution_team"),
            "person": _reference(persons, row, "person"),
        }
        _create(row, solutions.add_member, **{**row.data, **pair})
    for row in folder.rows("updates.jsonl"):
        team = _reference(teams, row, "solution_team")
        _create(row, solutions.add_update, **{**row.data, "solution_team": team})


def _create(row: Row, create: Callable[..., Any], **fields: Any) -> Any:
    """Create one object; a mistake in the row is told with its file and line."""
    try:
        return create(actor=ACTOR, **fields)
    except (ValidationError, TypeError) as error:
        text = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        raise FolderError(f"{row.place}: {text}") from None
