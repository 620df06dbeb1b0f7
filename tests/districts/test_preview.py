"""The preview of a district that nobody sees yet: for a week, by a link, in one browser."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from directory.desk import appearance
from tenants.districts import preview, services
from tenants.districts.models import State
from tests.audited import said
from tests.cast import District, put
from tests.hostile.test_redraw import photo
from wiq.accounts.models import User

# Within the week that follows, the clocks change.
MOMENT = datetime(2026, 3, 25, 23, 30, tzinfo=UTC)
WEEK = timedelta(days=7)


def become(district: District, state: State) -> None:
    put(district.row, state)
    services.lookup.forget_all()


def path(district: District) -> str:
    with district.inside():
        return preview.link(district.row).partition("8000")[2]


def test_a_preview_link_opens_for_a_week_to_the_second(nord: District) -> None:
    become(nord, State.HIDDEN)
    with time_machine.travel(MOMENT, tick=False):
        link = path(nord)
    for late, status in ((timedelta(), 302), (timedelta(seconds=1), 410)):
        with time_machine.travel(MOMENT + WEEK + late, tick=False):
            answer = nord.client().get(link)
        assert answer.status_code == status
        assert answer["Cache-Control"] == "no-store"


def test_who_came_by_it_looks_around_until_the_link_is_a_week_old(nord: District) -> None:
    become(nord, State.HIDDEN)
    guest = nord.client()
    with time_machine.travel(MOMENT, tick=False):
        cookie = guest.get(path(nord)).cookies["preview"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (604_800, True, "Lax")
    # Whoever keeps the cookie for longer has nothing from it.
    cookie["expires"] = ""
    for late, status in ((timedelta(), 200), (timedelta(seconds=1), 404)):
        with time_machine.travel(MOMENT + WEEK + late, tick=False):
            assert guest.get("/").status_code == status


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.DRAFT, 200), (State.HIDDEN, 200), (State.SUSPENDED, 503), (State.ARCHIVED, 410)],
)
def test_only_what_may_still_be_published_is_previewed(
    nord: District, state: State, status: int
) -> None:
    become(nord, state)
    guest = nord.client()
    guest.get(path(nord))
    assert guest.get("/").status_code == status


def test_a_new_link_ends_the_older_one_at_once_and_is_recorded(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    become(nord, State.HIDDEN)
    guest = nord.client()
    guest.get(path(nord))
    assert guest.get("/").status_code == 200
    row = nord.row
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        preview.renew(row, actor=User.objects.get(email="coordinator@nord.example"))
    assert guest.get("/").status_code == 404
    assert guest.get(path(nord)).status_code == 302
    # The platform's log names nobody of a district.
    assert said("district.preview_renewed") == [("district.preview_renewed", "coordination")]


def test_the_preview_shows_the_districts_own_pictures_and_no_stranger_sees_them(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        actor = User.objects.get(email="coordinator@nord.example")
        logo = SimpleUploadedFile("logo.png", photo(mode="RGBA", kind="PNG"))
        appearance.save_pictures(nord.row, actor=actor, logo=logo, header_alt="")
    nord.draw()
    become(nord, State.HIDDEN)
    address, guest = "/medien/quartier/logo/", nord.client()
    assert guest.get(address).status_code == 404
    guest.get(path(nord))
    answer = guest.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert nord.signed_in("editor").get(address).status_code == 200
    become(nord, State.SUSPENDED)
    assert guest.get(address).status_code == 503
    assert nord.signed_in("editor").get(address).status_code == 200
