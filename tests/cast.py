"""The fixed cast: who lives in the two districts of the tests.

Nord and Süd look alike on purpose: same slugs, same roles, other names. Whatever crosses from one
to the other shows up by its name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client
from django_tenants.utils import tenant_context

from directory.people import services as people
from directory.people.choices import ConsentBasis
from directory.people.models import Person, Team
from tenants.districts import models as districts
from tenants.provisioning.services import create_district, publish
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role

ACTOR = "test"
PASSWORD = "ein langes Kennwort"
NAMES = {
    "nord": {"district": "Nordviertel", "shown": "Ada Nord", "withdrawn": "Ben Nord"},
    "sued": {"district": "Südviertel", "shown": "Ada Süd", "withdrawn": "Ben Süd"},
}
MESSAGE = "Guten Tag, ich möchte gern eine Bank am Kanal."


@dataclass
class District:
    """One district of the cast, with what tests do in it."""

    slug: str

    @property
    def row(self) -> districts.District:
        return districts.District.objects.get(slug=self.slug)

    @property
    def host(self) -> str:
        return f"{self.slug}.localhost"

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work in this district's schema."""
        with tenant_context(self.row):
            yield

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

    def person(self, slug: str) -> Person:
        with self.inside():
            return Person.objects.get(slug=slug)


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


def make_cast() -> None:
    """Create both districts and everybody in them."""
    accounts.create_account(email="team@plattform.example", role=Role.PROJECT_TEAM)
    for slug, names in NAMES.items():
        district = create_district(slug=slug, name=names["district"], city="Leipzig", actor=ACTOR)
        publish(district, actor=ACTOR)
        with tenant_context(district):
            _fill(slug, names)


def _fill(slug: str, names: dict[str, str]) -> None:
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
    people.create_team(
        actor=ACTOR,
        slug="geheim",
        kind="core",
        abbreviation="KT",
        name=f"Geheim {names['district']}",
        is_published=False,
    )
