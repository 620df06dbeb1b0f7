"""Whatever happens when the desk saves: what was typed comes back."""

import html
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.people.models import Person
from directory.solutions import services as solutions
from directory.solutions.models import Picture, Update
from tests.cast import ACTOR, District
from tests.editing.opened import fields_of, opened
from tests.hostile.test_uploads import drawn
from wiq.accounts.models import User

TYPED = "Ein langer Text, den niemand zweimal schreiben will."
ADD = "/koordination/people/person/add/"


def checking(district: District) -> Client:
    """A coordinator whose tokens are checked, as outside of tests."""
    client = Client(
        enforce_csrf_checks=True, headers={"host": district.host}, raise_request_exception=False
    )
    with district.inside():
        client.force_login(User.objects.get(email=f"coordinator@{district.slug}.example"))
    return client


def with_token(client: Client, url: str) -> dict[str, Any]:
    fields = opened(client, url)
    assert fields["csrfmiddlewaretoken"]
    return fields


def team_url(district: District) -> str:
    return f"/koordination/solutions/solutionteam/{district.solution_team().pk}/change/"


def test_who_signed_in_again_in_another_tab_gets_the_form_back_and_can_save_it(
    nord: District,
) -> None:
    client = checking(nord)
    sent = with_token(client, ADD) | {"name": "Neu", "slug": "neu", "about": TYPED}
    client.cookies["csrf"] = "a" * 32  # what signing in does in the other tab
    page = client.post(ADD, sent, headers={"Origin": f"http://{nord.host}"})
    assert page.status_code == 403
    text = page.content.decode()
    assert TYPED in text
    again = fields_of(text)
    assert again["about"] == TYPED
    saved = client.post(ADD, again, headers={"Origin": f"http://{nord.host}"})
    assert saved.status_code == 302
    with nord.inside():
        assert Person.objects.get(slug="neu").about == TYPED


def test_whom_the_browser_says_to_come_from_this_origin_saves_at_once(nord: District) -> None:
    client = checking(nord)
    sent = with_token(client, ADD) | {"name": "Neu", "slug": "neu", "about": TYPED}
    client.cookies["csrf"] = "a" * 32
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 302)):
        assert client.post(ADD, sent, headers={"Sec-Fetch-Site": site}).status_code == status


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://boese.example"}, {"Sec-Fetch-Site": "cross-site"},
                {"Origin": "null"}, {"Origin": "http://sued.localhost"}],
)  # fmt: skip
def test_what_another_site_sends_is_not_given_back(nord: District, headers: dict[str, str]) -> None:
    page = checking(nord).post(ADD, {"name": "Neu", "about": TYPED}, headers=headers)
    assert page.status_code == 403
    assert TYPED not in page.content.decode()
    stranger = nord.client().post(ADD, {"name": "Neu", "about": TYPED}, headers=headers)
    assert TYPED not in stranger.content.decode()


def test_whose_session_has_ended_signs_in_elsewhere_and_saves(nord: District) -> None:
    client = nord.signed_in("coordinator")
    sent = opened(client, ADD) | {"name": "Neu", "slug": "neu", "about": TYPED}
    stranger = nord.client()
    page = stranger.post(ADD, sent)
    assert page.status_code == 403
    text = page.content.decode()
    assert TYPED in text
    assert "/koordination/login/" in text
    with nord.inside():
        stranger.force_login(User.objects.get(email="coordinator@nord.example"))
    assert stranger.post(ADD, fields_of(text)).status_code == 302
    with nord.inside():
        assert Person.objects.get(slug="neu").about == TYPED


@pytest.mark.parametrize(
    "path", ["/koordination/leitfaden/auftritt/", "/koordination/personendaten/"]
)
def test_the_other_pages_of_the_desk_give_it_back_as_well(nord: District, path: str) -> None:
    sent = {"intro": TYPED, "email": TYPED}
    page = nord.client().post(path, sent | {"csrfmiddlewaretoken": "x"})
    assert page.status_code == 403
    assert nord.client().post(path, sent).status_code == 302
    assert TYPED in page.content.decode()


def test_no_password_is_ever_given_back(nord: District) -> None:
    client = checking(nord)
    for sent in (
        {"oldpassword": "geheim!", "password1": "x"},
        {"login": "a", "password": "geheim!"},
    ):
        page = client.post("/anmelden/passwort/", sent, headers={"Origin": f"http://{nord.host}"})
        assert "geheim!" not in page.content.decode()


def test_a_state_that_moved_meanwhile_is_told_once_and_then_saved(nord: District) -> None:
    client, url = nord.signed_in("coordinator"), team_url(nord)
    sent = opened(client, url) | {"approach": TYPED}
    with nord.inside():
        solutions.set_state(nord.solution_team(), "paused", actor=ACTOR, reason="Winter")
    page = client.post(url, sent)
    assert page.status_code == 200
    text = html.unescape(page.content.decode())
    assert "Jemand war schneller" in text
    assert TYPED in text
    assert client.post(url, fields_of(page.content.decode())).status_code == 302
    with nord.inside():
        assert nord.solution_team().approach == TYPED
        assert nord.solution_team().state == "paused"


@pytest.mark.thorough
def test_170_updates_of_a_team_are_saved_in_one_form(nord: District) -> None:
    url = team_url(nord)
    with nord.inside():
        team = nord.solution_team()
        Update.objects.bulk_create(
            Update(solution_team=team, date=date(2025, 1, 1), text=f"{n}") for n in range(170)
        )
    client = nord.signed_in("coordinator")
    sent = opened(client, url)
    with nord.inside():
        rows = list(Update.objects.filter(solution_team=team).order_by("-date", "-pk"))
    # As a page without pages sent them: every row with all of its fields.
    for n, row in enumerate(rows):
        sent |= {f"updates-{n}-id": str(row.pk), f"updates-{n}-solution_team": str(team.pk),
                 f"updates-{n}-date": "2025-01-02", f"updates-{n}-text": f"Neu {row.pk}",
                 f"updates-{n}-text_en": "", f"updates-{n}-seen_version": ""}  # fmt: skip
    sent |= {"updates-TOTAL_FORMS": str(len(rows)), "updates-INITIAL_FORMS": str(len(rows))}
    assert len(sent) > 1_000
    assert client.post(url, sent).status_code == 302
    with nord.inside():
        assert Update.objects.filter(text__startswith="Neu ").count() == len(rows)


def test_ten_thousand_fields_are_read_and_an_address_of_a_thousand_is_not(nord: District) -> None:
    client = nord.signed_in("coordinator")
    many = opened(client, ADD) | {f"x{n}": "" for n in range(10_000)}
    assert client.post(ADD, many | {"name": "Neu", "slug": "neu"}).status_code == 302
    assert client.get("/loesungsteams/?" + "a=b&" * 1_200).status_code == 400


def photo(name: str, size: int) -> SimpleUploadedFile:
    picture = drawn("JPEG")
    return SimpleUploadedFile(name, picture + b"\x00" * (size - len(picture)), "image/jpeg")


def test_two_photos_of_3_and_a_half_megabytes_are_saved_at_once(nord: District) -> None:
    client, url = nord.signed_in("coordinator"), team_url(nord)
    sent = opened(client, url) | {"pictures-TOTAL_FORMS": "2"}
    for n in (0, 1):
        sent |= {f"pictures-{n}-image": photo(f"{n}.jpg", 3_500_000), f"pictures-{n}-alt": "Baum",
                 f"pictures-{n}-position": "0"}  # fmt: skip
    assert client.post(url, sent).status_code == 302
    with nord.inside():
        assert Picture.objects.filter(solution_team__slug="baeume").count() == 2


@pytest.mark.parametrize(("size", "status"), [(5_200_000, 200), (9_000_000, 413)])
def test_a_refused_picture_brings_the_form_back(nord: District, size: int, status: int) -> None:
    client, url = nord.signed_in("coordinator"), team_url(nord)
    sent = opened(client, url) | {"pictures-TOTAL_FORMS": "1", "approach": TYPED}
    sent |= {"pictures-0-image": photo("zu-gross.jpg", size), "pictures-0-alt": "Ein Baum im Hof",
             "pictures-0-position": "0"}  # fmt: skip
    page = client.post(url, sent)
    assert page.status_code == status
    text = page.content.decode()
    assert TYPED in text
    assert "Ein Baum im Hof" in text
    assert "zu groß" in text
    no_picture = sent | {
        "pictures-0-image": SimpleUploadedFile("x.jpg", b"kein Bild", "image/jpeg")
    }
    page = client.post(url, no_picture)
    assert page.status_code == 200
    assert TYPED in page.content.decode()


def test_a_row_that_somebody_deleted_meanwhile_comes_back_as_a_new_one(nord: District) -> None:
    client, url = nord.signed_in("coordinator"), team_url(nord)
    with nord.inside():
        for n in (1, 2, 3):
            solutions.add_update(actor=ACTOR, solution_team=nord.solution_team(), text=f"Nr {n}")
    sent = opened(client, url)
    row = next(n for n in range(4) if sent[f"updates-{n}-text"] == "Nr 2")
    sent |= {f"updates-{row}-text": TYPED, "approach": TYPED}
    with nord.inside():
        solutions.remove(Update.objects.get(text="Nr 2"), actor=ACTOR)
    page = client.post(url, sent)
    assert page.status_code == 200
    text = html.unescape(page.content.decode())
    assert "Eine Zeile gibt es nicht mehr" in text
    again = fields_of(page.content.decode())
    assert TYPED in again.values()
    assert client.post(url, again).status_code == 302
    with nord.inside():
        texts = set(nord.solution_team().updates.values_list("text", flat=True))
        assert texts >= {"Nr 1", TYPED, "Nr 3"}
        assert "Nr 2" not in texts
        assert nord.solution_team().approach == TYPED


def test_an_error_of_a_field_that_nobody_sees_is_shown(nord: District) -> None:
    client, url = nord.signed_in("coordinator"), team_url(nord)
    sent = opened(client, url) | {"approach": TYPED}
    broken = {name: value for name, value in sent.items() if name != "updates-TOTAL_FORMS"}
    page = client.post(url, broken)
    assert page.status_code == 200
    assert TYPED in page.content.decode()
    assert "data-refused" in page.content.decode()
    odd = client.post(url, sent | {"updates-0-id": "keine Zahl"})
    assert odd.status_code == 200
    assert TYPED in odd.content.decode()
    assert "data-refused" in odd.content.decode()
