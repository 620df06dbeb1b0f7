"""Who is behind WiQ here: shown to everybody, but only who agreed."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from directory.people import services
from directory.people.dates import today
from directory.people.models import Membership, Person
from tenants.districts import services as districts
from tests.cast import ACTOR, District
from tests.days import at

PUBLIC = (
    *(
        "/",
        "/menschen/",
        "/menschen/unterstuetzungsteam/",
        "/menschen/steuerungsteam/",
        "/kontakt/",
    ),
    *("/en/", "/en/menschen/", "/api/v1/teams/", "/api/v1/teams/steuerungsteam/"),
    *("/api/v1/people/", "/api/v1/district/"),
)


def everything(district: District) -> str:
    """Return all a visitor can read of a district, as one text."""
    return "".join(district.client().get(path).content.decode() for path in PUBLIC)


def test_every_published_team_is_shown_with_its_people(nord: District) -> None:
    page = nord.client().get("/menschen/").content.decode()
    assert "Unterstützungsteam Nordviertel" in page
    assert "Hilft im Nordviertel." in page
    assert "Ada Nord" in page
    assert "Macht mit." in page


def test_nobody_without_a_valid_consent_is_shown_anywhere(nord: District) -> None:
    text = everything(nord)
    assert "Ada Nord" in text
    assert "Ben Nord" not in text
    assert "Cem" not in text
    for slug in ("ben", "cem"):
        assert nord.client().get(f"/api/v1/people/{slug}/").status_code == 404


def test_a_withdrawal_works_at_once(nord: District) -> None:
    with nord.inside():
        services.withdraw_consent(nord.person("ada").consents.get(), actor=ACTOR)
    assert "Ada Nord" not in everything(nord)


def test_a_withdrawal_reaches_everything_recorded_for_the_same(nord: District) -> None:
    with nord.inside():
        ada = nord.person("ada")
        services.record_consent(person=ada, actor=ACTOR, given_on=today(), given_how="spoken")
        services.withdraw_consent(ada.consents.first(), actor=ACTOR)
    assert "Ada Nord" not in everything(nord)


def test_a_withdrawal_typed_into_the_form_reaches_everything_too(nord: District) -> None:
    with nord.inside():
        ada = nord.person("ada")
        services.record_consent(person=ada, actor=ACTOR, given_on=today(), given_how="spoken")
        typed = ada.consents.first()
        typed.withdrawn_on = today()
        services.save(typed, actor=ACTOR)
    assert "Ada Nord" not in everything(nord)


def test_a_new_consent_outlives_an_old_withdrawal(nord: District) -> None:
    with nord.inside():
        old = nord.person("ben").consents.get()
        assert old.withdrawn_on is not None
        services.record_consent(
            person=nord.person("ben"), actor=ACTOR, given_on=today(), given_how="written"
        )
        services.withdraw_consent(old, actor=ACTOR)
        old.text_version = "2"
        services.save(old, actor=ACTOR)
    assert "Ben Nord" in everything(nord)


def test_a_consent_of_tomorrow_is_none_today(nord: District) -> None:
    with nord.inside():
        tomorrow = date(2026, 7, 2)
        services.record_consent(
            person=nord.person("cem"), actor=ACTOR, given_on=tomorrow, given_how="written"
        )
    with at(date(2026, 7, 1), 23, 30):
        assert "Cem" not in everything(nord)


def test_whom_nobody_asked_is_shown_in_a_demo_only(nord: District) -> None:
    districts.update(nord.row, actor=ACTOR, is_demo=True)
    districts.lookup.forget_all()
    assert "Cem Nordviertel" in everything(nord)
    assert "Ben Nord" not in everything(nord)


def test_an_unpublished_team_is_not_there(nord: District) -> None:
    assert "Geheim" not in everything(nord)
    assert nord.client().get("/menschen/geheim/").status_code == 404
    assert nord.client().get("/api/v1/teams/geheim/").status_code == 404


def test_a_membership_that_ended_or_has_not_begun_is_not_shown(nord: District) -> None:
    day = date(2026, 7, 1)
    for since, until in ((None, day - timedelta(1)), (day + timedelta(1), None)):
        with nord.inside():
            members = Membership.objects.filter(person__slug="ada")
            members.update(since=since, until=until)
        with at(day):
            page = nord.client().get("/menschen/unterstuetzungsteam/").content.decode()
        assert "Ada Nord" not in page


def test_seats_count_who_is_named_taken_and_vacant(nord: District) -> None:
    seats = nord.client().get("/api/v1/teams/steuerungsteam/").json()["seats"]
    assert seats == [
        {
            "bench": "politics",
            "label": "Politik",
            "total": 2,
            "named": 1,
            "unnamed": 1,
            "vacant": 0,
        },
        {
            "bench": "administration",
            "label": "Verwaltung",
            "total": 1,
            "named": 0,
            "unnamed": 0,
            "vacant": 1,
        },
    ]


def test_the_api_shows_the_fields_of_the_contract(nord: District) -> None:
    team = nord.client().get("/api/v1/teams/unterstuetzungsteam/").json()
    assert set(team) == {
        *("slug", "kind", "abbreviation", "name", "description", "seats", "members"),
        *("description_en", "size"),
    }
    assert team["members"] == [{"slug": "ada", "name": "Ada Nord", "role": "", "sector": ""}]
    person = nord.client().get("/api/v1/people/ada/").json()
    assert person["about"] == "Macht mit."
    assert person["portrait"] is None
    assert [team["slug"] for team in person["teams"]] == ["unterstuetzungsteam"]
    assert nord.client().get("/api/v1/district/").json()["name"] == "Nordviertel"


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_needs_few_statements(nord: District, path: str) -> None:
    # The host is looked up every half minute, with two statements.
    nord.client().get("/impressum/")
    with CaptureQueriesContext(connection) as queries:
        assert nord.client().get(path).status_code == 200
    # The page of the people asks for teams, solution teams and videos: one more than the others.
    most = 7 if path.endswith("/menschen/") else 6
    assert len(queries) <= most, [query["sql"] for query in queries]


def test_the_number_of_statements_does_not_grow_with_people(nord: District) -> None:
    with CaptureQueriesContext(connection) as before:
        nord.client().get("/menschen/")
    with nord.inside():
        for number in range(20):
            person = services.create_person(actor=ACTOR, slug=f"p{number}", name=f"Person {number}")
            services.add_member(actor=ACTOR, team=nord.team(), person=person)
            services.record_consent(
                person=person, actor=ACTOR, given_on=date(2024, 1, 1), given_how="email"
            )
    with CaptureQueriesContext(connection) as after:
        page = nord.client().get("/menschen/").content.decode()
    assert "Person 19" in page
    assert len(after) <= len(before)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 40)) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, "green").save(content, kind)
    return SimpleUploadedFile(f"bild.{kind.lower()}", content.getvalue())


def test_a_portrait_needs_its_own_consent_and_a_description(nord: District) -> None:
    from django.core.exceptions import ValidationError

    with nord.inside():
        ada = nord.person("ada")
        ada.portrait = picture()
        with pytest.raises(ValidationError, match="Bildbeschreibung"):
            services.save(ada, actor=ACTOR)
        ada.portrait_alt = "Ada lacht in die Kamera"
        services.save(ada, actor=ACTOR)
    assert nord.client().get("/medien/bild/ada/").status_code == 404
    assert "/medien/" not in nord.client().get("/menschen/").content.decode()
    with nord.inside():
        services.record_consent(
            person=ada, scope="portrait", actor=ACTOR, given_on=today(), given_how="written"
        )
    nord.draw()
    response = nord.client().get("/medien/bild/ada/")
    assert response.status_code == 200
    assert "no-cache" in response.headers["Cache-Control"]
    page = nord.client().get("/menschen/").content.decode()
    assert 'alt="Ada lacht in die Kamera"' in page
    with nord.inside():
        for consent in Person.objects.get(slug="ada").consents.all():
            services.withdraw_consent(consent, actor=ACTOR)
    assert nord.client().get("/medien/bild/ada/").status_code == 404


@pytest.mark.thorough
def test_nothing_but_the_picture_is_kept_of_a_picture(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Ort: Karl-Heine-Straße"
    exif[0x0112] = 6  # lies on its side
    Image.new("RGB", (3000, 1000), "green").save(content, "JPEG", exif=exif)
    with nord.inside():
        ada = nord.person("ada")
        ada.portrait_alt = "Ada"
        ada.portrait = SimpleUploadedFile("IMG 1.jpg", content.getvalue())
        services.save(ada, actor=ACTOR)
        nord.draw()
        kept = Path(ada.portrait.path)
        assert b"Karl-Heine" not in kept.read_bytes()
        with Image.open(kept) as image:
            assert image.size == (533, 1600)
        ada.portrait = picture()
        with django_capture_on_commit_callbacks(execute=True):
            services.save(ada, actor=ACTOR)
        nord.draw()
        assert Path(ada.portrait.path).exists()
        assert not kept.exists()


def test_the_desk_sees_a_picture_that_visitors_do_not(nord: District, sued: District) -> None:
    with nord.inside():
        ben = nord.person("ben")
        ben.portrait_alt, ben.portrait = "Ben", picture()
        services.save(ben, actor=ACTOR)
        url = ben.portrait.url
    assert nord.signed_in("editor").get(url).status_code == 200
    assert nord.client().get(url).status_code == 404
    assert sued.signed_in("coordinator").get(url).status_code == 404
    other = url.replace(nord.row.schema_name, sued.row.schema_name)
    assert nord.signed_in("editor").get(other).status_code == 404
    assert nord.signed_in("editor").get(url + "x").status_code == 404


def test_english_pages_carry_english_words_and_lead_back(nord: District) -> None:
    page = nord.client().get("/en/menschen/").content.decode()
    assert '<html lang="en">' in page
    assert "Who is behind" in page
    assert 'href="/menschen/" lang="de"' in page


def test_a_demo_district_says_so_and_stays_out_of_search_engines(nord: District) -> None:
    page = nord.client().get("/").content.decode()
    assert "zum Ausprobieren" not in page
    assert "noindex" not in page
    districts.update(nord.row, actor=ACTOR, is_demo=True)
    districts.lookup.forget_all()
    for path in ("/", "/menschen/", "/kontakt/"):
        page = nord.client().get(path).content.decode()
        assert "zum Ausprobieren" in page
        assert '<meta name="robots" content="noindex' in page
