"""The fixed cast: who lives in the two districts of the tests.

Nord and Süd look alike on purpose: same slugs, same roles, other names. Whatever crosses from one
to the other shows up by its name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django_tenants.utils import schema_context, tenant_context

from directory.people import services as people
from directory.people.choices import ConsentBasis
from directory.people.models import Person, Team
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tenants.districts import models as districts
from tenants.districts import moves
from tenants.provisioning.services import create_district
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.media import waiting
from wiq.submissions.forms import SubmissionForm
from wiq.tenancy import PUBLIC

ACTOR = "test"
PASSWORD = "ein langes Kennwort"
PROJECT_TEAM = "team@plattform.example"
NAMES = {
    "nord": {"district": "Nordviertel", "shown": "Ada Nord", "withdrawn": "Ben Nord"},
    "sued": {"district": "Südviertel", "shown": "Ada Süd", "withdrawn": "Ben Süd"},
}
MESSAGE = "Guten Tag, ich möchte gern eine Bank am Kanal."


def put(district: districts.District, state: str, actor: str = ACTOR) -> districts.District:
    """Put a district into a state, whatever its life says, and return it as it is now."""
    return moves._put(district, districts.State(state), who=actor)


class FewRounds(PBKDF2PasswordHasher):
    """The hash of production with a thousandth of its rounds: nobody attacks the cast."""

    iterations = 1_000


@dataclass
class District:
    """One district of the cast, with what tests do in it."""

    slug: str

    @property
    def row(self) -> districts.District:
        with schema_context(PUBLIC):  # a district sees its own row alone
            return districts.District.objects.get(slug=self.slug)

    @property
    def host(self) -> str:
        return f"{self.slug}.localhost"

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work in this district's schema."""
        with tenant_context(self.row):
            yield

    def draw(self) -> None:
        """Draw the pictures that wait, as the worker does."""
        with self.inside():
            waiting.draw_all()

    def client(self, **headers: str) -> Client:
        """Return a visitor of this district."""
        return Client(headers={"host": self.host, **headers}, raise_request_exception=False)

    def signed_in(self, role: str) -> Client:
        """Return the account ``coordinator@`` or ``editor@`` of this district, signed in."""
        client = self.client()
        with self.inside():
            user = User.objects.get(email=f"{role}@{self.slug}.example")
            client.force_login(user)
        return client

    def token(self, role: str = "coordinator") -> str:
        """Return an API token of an account of this district."""
        with self.inside():
            return accounts.create_token(User.objects.get(email=f"{role}@{self.slug}.example"))

    def team(self, slug: str = "unterstuetzungsteam") -> Team:
        with self.inside():
            return Team.objects.get(slug=slug)

    def solution_team(self, slug: str = "baeume") -> SolutionTeam:
        with self.inside():
            return SolutionTeam.objects.get(slug=slug)

    def person(self, slug: str) -> Person:
        with self.inside():
            return Person.objects.get(slug=slug)


def project_team() -> User:
    """Return the account of the project team."""
    with schema_context(PUBLIC):
        return User.objects.get(email=PROJECT_TEAM)


def form(**changes: Any) -> dict[str, Any]:
    """Return what a resident types into the contact form, with changes."""
    typed = {
        "team": "unterstuetzungsteam",
        "name": "Erika Beispiel",
        "email": "erika@beispiel.example",
        "phone": "",
        "message": MESSAGE,
        "privacy_acknowledged": "on",
    }
    return {name: value for name, value in (typed | changes).items() if value is not None}


def body(**changes: Any) -> dict[str, Any]:
    """Return a contact request for the API, with changes."""
    request = {
        "name": "Erika Beispiel",
        "email": "erika@beispiel.example",
        "message": MESSAGE,
        "privacy_acknowledged": True,
    }
    return {name: value for name, value in (request | changes).items() if value is not None}


def values_of(filled: SubmissionForm) -> dict[str, Any]:
    """Return what a form that is right keeps."""
    assert filled.is_valid(), filled.errors
    return filled.values()


def idea_form(**changes: Any) -> dict[str, Any]:
    """Return what a resident types into the form for an idea, with changes."""
    typed = {
        "title": "Eine Bank am Kanal",
        "description": MESSAGE,
        "place": "Karl-Heine-Kanal",
        "wants_to_help": "yes",
        "name": "Erika Beispiel",
        "email": "erika@beispiel.example",
        "phone": "",
        "privacy_acknowledged": "on",
    }
    return {name: value for name, value in (typed | changes).items() if value is not None}


def make_cast() -> None:
    """Create both districts and everybody in them."""
    accounts.create_account(email=PROJECT_TEAM, role=Role.PROJECT_TEAM)
    for slug, names in NAMES.items():
        district = create_district(slug=slug, name=names["district"], city="Leipzig", actor=ACTOR)
        moves.publish_on_the_operators_word(district, actor=ACTOR)
        with tenant_context(district):
            fill(slug, names)


def fill(slug: str, names: dict[str, str]) -> None:
    """Put people, teams and solution teams into the district whose schema is set."""
    for role in (Role.COORDINATOR, Role.EDITOR):
        accounts.create_account(email=f"{role}@{slug}.example", role=role, password=PASSWORD)
    team = people.create_team(
        actor=ACTOR,
        slug="unterstuetzungsteam",
        kind="support",
        abbreviation="UT",
        name=f"Unterstützungsteam {names['district']}",
        description=f"Hilft im {names['district']}.",
        position=1,
        contact_email=f"ut@{slug}.example",
    )
    steering = people.create_team(
        actor=ACTOR,
        slug="steuerungsteam",
        kind="steering",
        abbreviation="ST",
        name=f"Steuerungsteam {names['district']}",
        position=2,
    )
    shown = people.create_person(actor=ACTOR, slug="ada", name=names["shown"], about="Macht mit.")
    withdrawn = people.create_person(actor=ACTOR, slug="ben", name=names["withdrawn"])
    unasked = people.create_person(actor=ACTOR, slug="cem", name=f"Cem {names['district']}")
    for person in (shown, withdrawn, unasked):
        people.add_member(actor=ACTOR, team=team, person=person)
    given = {"given_on": date(2024, 1, 1), "given_how": "written"}
    people.record_consent(person=shown, actor=ACTOR, **given)
    consent = people.record_consent(person=withdrawn, actor=ACTOR, **given)
    people.withdraw_consent(consent, actor=ACTOR)
    people.record_consent(person=unasked, actor=ACTOR, basis=ConsentBasis.PUBLISHED_SOURCE)
    people.create_seat(
        actor=ACTOR, team=steering, bench="politics", position=1, state="named", person=shown
    )
    people.create_seat(
        actor=ACTOR, team=steering, bench="politics", position=2, state="named", person=withdrawn
    )
    people.create_seat(actor=ACTOR, team=steering, bench="administration", position=3)
    _fill_registry(slug, names["district"], shown, withdrawn)
    people.create_team(
        actor=ACTOR,
        slug="geheim",
        kind="core",
        abbreviation="KT",
        name=f"Geheim {names['district']}",
        is_published=False,
    )


def _fill_registry(slug: str, district: str, shown: Person, withdrawn: Person) -> None:
    """Three solution teams: one that runs, one that is done, one that nobody may see yet."""
    topics = [
        solutions.create_topic(actor=ACTOR, slug=name.lower(), name=name)
        for name in ("Umwelt", "Begegnung")
    ]
    trees = solutions.create_team(
        actor=ACTOR,
        slug="baeume",
        name=f"Grüne Bäume {district}",
        state="running",
        topics=topics[:1],
        challenge=f"Die Straßenbäume im {district} sind durstig.",
        approach="Wir gießen sie.",
        contact_email=f"baeume@{slug}.example",
        source_note="Liste 2021/22",
    )
    solutions.create_team(
        actor=ACTOR, slug="fest", name=f"Nachbarschaftsfest {district}", state="completed",
        topics=topics,
    )  # fmt: skip
    solutions.create_team(
        actor=ACTOR, slug="entwurf", name=f"Entwurf {district}", topics=topics,
        challenge=f"Verborgen im {district}.",
    )  # fmt: skip
    for person in (shown, withdrawn):
        solutions.add_member(actor=ACTOR, solution_team=trees, person=person)
    solutions.add_update(
        actor=ACTOR,
        solution_team=trees,
        date=date(2024, 5, 2),
        text=f"Hundert Bäume gegossen im {district}.",
    )
