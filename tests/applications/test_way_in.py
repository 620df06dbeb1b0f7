"""What an applicant's page leads to, from the made district to its publication: only what works."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tenants.applications import services
from tenants.applications.models import Application
from tenants.districts import lookup
from tenants.districts.models import State
from tenants.provisioning import coordinators, orders
from tests.applications.test_application import URL, submitted
from tests.cast import ACTOR, District, put
from wiq.accounts.models import Invitation, User
from wiq.mail.models import Message

WEST = District("westviertel")
LATER = timedelta(minutes=6)


@pytest.fixture
def made(platform: Client) -> Application:
    """An approved application whose district is there, with its invitation on the way."""
    application = services.approve(submitted(platform), actor=ACTOR)
    orders.run_waiting()
    return application


def page(application: Application) -> str:
    answer = Client(headers={"host": "localhost"}).get(f"{URL}{application.token}/")
    assert answer.status_code == 200
    return answer.content.decode()


def links(application: Application) -> list[str]:
    """Return the addresses of the district that the page leads to."""
    return re.findall(r'href="http://westviertel\.localhost:8000([^"]*)"', page(application))


def invitations() -> list[str]:
    """Return the paths in the invitations that were mailed, oldest first."""
    with WEST.inside():
        texts = Message.objects.filter(kind="accounts.invitation").order_by("pk")
        return [
            re.findall(r"http://westviertel\.localhost:8000(\S+)", mail.text)[0] for mail in texts
        ]


def accept(path: str) -> int:
    typed = {"name": "Kim West", "password": "sieben Enten am Kanal"}
    return WEST.client().post(path, typed).status_code


def again(application: Application) -> int:
    visitor = Client(headers={"host": "localhost"})
    return visitor.post(f"{URL}{application.token}/", {"was": "einladen"}).status_code


def test_before_the_invitation_is_accepted_the_page_leads_to_it_first(made: Application) -> None:
    said = page(made)
    assert "Nehmen Sie zuerst die Einladung an." in said
    assert said.index("Dann melden Sie sich hier an:") > said.index("Nehmen Sie zuerst")
    assert links(made) == ["/anmelden/"]
    assert "per E-Mail an kim@west.example unterwegs" in said
    assert "Einladung noch einmal schicken" in said


def test_an_invitation_that_got_lost_is_sent_again(made: Application) -> None:
    (first,) = invitations()
    assert again(made) == 422  # it is on its way
    with time_machine.travel(timezone.now() + LATER, tick=False):
        assert again(made) == 303
        assert again(made) == 422
    first, second = invitations()
    assert WEST.client().get(first).status_code == 410
    assert accept(second) == 302


def test_once_it_is_accepted_the_page_leads_to_signing_in(made: Application) -> None:
    assert accept(invitations()[0]) == 302
    assert links(made) == ["/anmelden/"]
    assert WEST.client().get("/anmelden/").status_code == 200
    assert "Einladung noch einmal schicken" not in page(made)
    with pytest.raises(ValidationError, match="angenommen"):
        services.invite_again(made)


@pytest.mark.parametrize("state", [State.DRAFT, State.HIDDEN, State.SUSPENDED, State.ARCHIVED])
def test_pages_that_nobody_sees_are_not_linked(made: Application, state: State) -> None:
    accept(invitations()[0])
    put(WEST.row, state)
    lookup.forget_all()
    for path in links(made):
        assert WEST.client().get(path).status_code == 200, path
    assert "/" not in links(made)


def test_what_is_public_is_linked(made: Application) -> None:
    accept(invitations()[0])
    put(WEST.row, State.PUBLISHED)
    lookup.forget_all()
    assert links(made) == ["/", "/anmelden/"]
    for path in links(made):
        assert WEST.client().get(path).status_code == 200, path


def test_an_invitation_that_was_taken_back_is_not_sent_again(made: Application) -> None:
    with WEST.inside():
        Invitation.objects.update(revoked_at=timezone.now())
        assert not User.objects.exists()
    assert links(made) == []
    assert "Einladung noch einmal schicken" not in page(made)
    assert again(made) == 422
    assert coordinators.entrance_of(WEST.row, "") is coordinators.Entrance.NONE


def test_who_is_not_approved_is_invited_to_nothing(platform: Client) -> None:
    assert again(submitted(platform)) == 422
