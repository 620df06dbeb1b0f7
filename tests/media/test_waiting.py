"""Pictures are checked at once and drawn later, by a worker: few wait, in a room of limited size."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from directory.people import services as people
from tests.cast import ACTOR, District
from tests.hostile.test_redraw import photo
from tests.hostile.test_uploads import bomb, drawn, upload
from wiq.media import quota, tasks, waiting
from wiq.media.pictures import WAITING, look, redraw
from wiq.media.storage import district_files

PICTURE = "/medien/bild/ada/"


def give_ada_a_portrait(district: District, content: bytes, capture: Any) -> str:
    with district.inside(), capture(execute=True):
        ada = district.person("ada")
        ada.portrait_alt, ada.portrait = "Ada", SimpleUploadedFile("a.jpg", content)
        people.save(ada, actor=ACTOR)
        people.record_consent(
            person=ada, actor=ACTOR, scope="portrait", given_on="2024-01-01", given_how="written"
        )
    return str(ada.portrait.name)


def test_a_picture_is_being_prepared_and_then_it_is_there(
    nord: District, sued: District, django_capture_on_commit_callbacks: Any
) -> None:
    name = give_ada_a_portrait(nord, photo(), django_capture_on_commit_callbacks)
    visitor = nord.client()
    for path in (PICTURE, f"{PICTURE}320.avif"):
        early = visitor.get(path)
        assert (early.status_code, early["Content-Type"]) == (200, "image/svg+xml")
        assert "Das Bild wird vorbereitet." in early.content.decode()
        assert early["Cache-Control"] == "no-store"
    # What came is served to nobody, under no name.
    assert visitor.get(f"/medien/{nord.row.schema_name}/{WAITING}/{name}").status_code == 404
    tasks.draw.apply(args=[name], headers={"_schema_name": nord.row.schema_name}, throw=True)
    assert visitor.get(PICTURE)["Content-Type"] == "image/jpeg"
    assert visitor.get(f"{PICTURE}320.avif")["Content-Type"] == "image/avif"
    with nord.inside():
        assert list(district_files().everything(WAITING)) == []
    assert sued.client().get(PICTURE).status_code == 404


def test_a_picture_that_is_deleted_while_it_waits_is_never_drawn(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    name = give_ada_a_portrait(nord, photo(), django_capture_on_commit_callbacks)
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        ada = nord.person("ada")
        ada.portrait = ""
        people.save(ada, actor=ACTOR)
    with nord.inside():
        waiting.draw(name)
        assert not district_files().exists(name)
        assert not district_files().exists(f"{WAITING}/{name}")


def test_drawing_twice_leaves_one_picture(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    name = give_ada_a_portrait(nord, photo(), django_capture_on_commit_callbacks)
    with nord.inside():
        came = district_files().read(f"{WAITING}/{name}").content.read()
        waiting.draw(name)
        before = {file.name for file in district_files().everything()}
        Path(district_files().path(WAITING), name).parent.mkdir(parents=True, exist_ok=True)
        Path(district_files().path(WAITING), name).write_bytes(came)
        waiting.draw(name)
        assert {file.name for file in district_files().everything()} == before


def test_few_wait_and_the_next_one_reads_so_in_the_form(
    nord: District, sued: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "WAITING_MAX", 1)
    with nord.inside():
        waiting.keep_to_draw(SimpleUploadedFile("a.jpg", photo(20, 20)), "portraits")
    page = upload(nord, "b.jpg", photo(20, 20))
    assert page.status_code == 200
    assert "Es werden noch 1 Bilder Ihres Quartiers vorbereitet" in page.content.decode()
    assert upload(sued, "b.jpg", photo(20, 20)).status_code == 302
    nord.draw()
    assert upload(nord, "b.jpg", photo(20, 20)).status_code == 302


def test_a_district_whose_room_is_used_up_reads_how_much_it_uses(
    nord: District, sued: District
) -> None:
    with nord.inside():
        district_files().remove_all()  # what other tests left
    with override_settings(WIQ_DISTRICT_BYTES=1000):
        page = upload(nord, "b.jpg", photo(400, 400))
        assert page.status_code == 200
        assert "0,0\xa0MB von 0,0\xa0MB sind belegt" in page.content.decode().replace(
            " MB", "\xa0MB"
        )
        with sued.inside(), pytest.raises(ValidationError, match="Bitte löschen Sie"):
            quota.check_room_for(1001)
        quota_page = nord.signed_in("coordinator").get("/koordination/alles/").content.decode()
        assert "Bilder und Videos belegen" in quota_page
    assert upload(nord, "b.jpg", photo(400, 400)).status_code == 302


def test_room_is_told_as_people_read_it() -> None:
    assert quota.of_room(1_449_000) == "1,4\xa0MB von 2.000\xa0MB"
    assert quota.of_room(1_234_567_890) == "1.235\xa0MB von 2.000\xa0MB"


@pytest.mark.parametrize(
    "content",
    [photo(3000, 200), photo(30, 20), photo(40, 30, "RGBA", "PNG"), drawn("WEBP"), drawn("PNG")],
)
def test_what_is_seen_at_once_is_what_drawing_makes(content: bytes) -> None:
    seen = look(SimpleUploadedFile("x", content))
    made = redraw(SimpleUploadedFile("x", content))
    assert (seen.ending, seen.width, seen.height) == (made.ending, made.width, made.height)


@pytest.mark.thorough
def test_the_largest_picture_is_looked_into_much_sooner_than_drawn() -> None:
    began = time.monotonic()
    look(SimpleUploadedFile("x.png", bomb(6300)))
    looked = time.monotonic() - began
    began = time.monotonic()
    redraw(SimpleUploadedFile("x.png", bomb(6300)))
    assert looked < (time.monotonic() - began) / 2
