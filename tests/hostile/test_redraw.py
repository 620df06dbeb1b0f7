"""Pictures are drawn anew in a process that may use little, and go in all their sizes."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from directory.desk import appearance
from directory.people import services as people
from tests.cast import ACTOR, District
from wiq.accounts.models import User
from wiq.media import pictures


def photo(width: int = 800, height: int = 600, mode: str = "RGB", kind: str = "JPEG") -> bytes:
    content = io.BytesIO()
    Image.new(mode, (width, height), "green").save(content, kind)
    return content.getvalue()


def test_smaller_ones_come_in_two_formats_and_nothing_is_made_larger() -> None:
    drawn = pictures.redraw(ContentFile(photo(700, 500)))
    assert (drawn.ending, drawn.width, drawn.height) == (".jpg", 700, 500)
    assert sorted(drawn.smaller) == sorted(
        f"{width}.{kind}" for width in (160, 320, 640) for kind in ("avif", "webp")
    )


def test_what_can_be_seen_through_stays_so() -> None:
    assert pictures.redraw(ContentFile(photo(mode="RGBA", kind="PNG"))).ending == ".png"


def colour_of(drawn: pictures.Drawn) -> Any:
    with Image.open(io.BytesIO(drawn.content)) as opened:
        return opened.convert("RGB").getpixel((5, 5))


def test_a_drawing_with_sixteen_bits_of_grey_does_not_turn_white() -> None:
    content = io.BytesIO()
    Image.new("I;16", (20, 20), 128 * 256).save(content, "PNG")
    assert colour_of(pictures.redraw(ContentFile(content.getvalue()))) == (128, 128, 128)


def test_colours_of_another_kind_look_as_they_were_meant() -> None:
    # A profile in which the first number means green and the second one red.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    content = io.BytesIO()
    Image.new("RGB", (20, 20), (0, 180, 0)).save(content, "JPEG", quality=95, icc_profile=swapped)
    red, green, blue = colour_of(pictures.redraw(ContentFile(content.getvalue())))
    assert red > 170 and max(green, blue) < 12


def test_a_profile_nobody_can_read_spoils_no_picture() -> None:
    content = io.BytesIO()
    Image.new("RGB", (20, 20), (0, 180, 0)).save(content, "JPEG", icc_profile=b"no profile")
    assert pictures.redraw(ContentFile(content.getvalue())).width == 20


def test_one_colour_to_see_through_stays_so_whatever_the_profile() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = io.BytesIO()
    Image.new("RGB", (20, 20), (0, 180, 0)).save(
        content, "PNG", transparency=(0, 180, 0), icc_profile=profile
    )
    drawn = pictures.redraw(ContentFile(content.getvalue()))
    with Image.open(io.BytesIO(drawn.content)) as opened:
        assert opened.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_picture_from_here_loses_nothing_by_being_read_again() -> None:
    once = pictures.redraw(ContentFile(photo()))
    assert pictures.redraw(ContentFile(once.content), ".jpg").content == once.content
    longer = once.content + b"and something else\xff\xd9"
    assert pictures.redraw(ContentFile(longer), ".jpg").content != longer


def test_a_process_that_takes_too_long_is_ended(monkeypatch: Any) -> None:
    monkeypatch.setattr(pictures, "SECONDS_MAX", 0.01)
    with pytest.raises(ValidationError):
        pictures.redraw(ContentFile(photo()))


def test_a_broken_inside_is_refused() -> None:
    with pytest.raises(ValidationError):
        pictures.redraw(ContentFile(photo()[:400]))


def test_a_withdrawn_portrait_is_unreachable_at_once_in_every_size(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        ada = nord.person("ada")
        ada.portrait_alt, ada.portrait = "Ada", SimpleUploadedFile("a.jpg", photo())
        with django_capture_on_commit_callbacks(execute=True):
            people.save(ada, actor=ACTOR)
        nord.draw()
        consent = people.record_consent(
            person=ada, actor=ACTOR, scope="portrait", given_on="2024-01-01", given_how="written"
        )
        folder = Path(ada.portrait.storage.path(f"smaller/{ada.portrait.name}"))
    visitor = nord.client()
    small = visitor.get("/medien/bild/ada/320.avif")
    assert small["Content-Type"] == "image/avif"
    assert (
        visitor.get(
            "/medien/bild/ada/320.avif", headers={"If-None-Match": small["ETag"]}
        ).status_code
        == 304
    )
    assert visitor.get("/medien/bild/ada/999.avif").status_code == 404
    with nord.inside():
        people.withdraw_consent(consent, actor=ACTOR)
    for path in ("/medien/bild/ada/", "/medien/bild/ada/320.avif"):
        assert visitor.get(path, headers={"If-None-Match": small["ETag"]}).status_code == 404
    with nord.inside():
        assert folder.exists()
        ada.portrait = SimpleUploadedFile("b.jpg", photo())
        with django_capture_on_commit_callbacks(execute=True):
            people.save(ada, actor=ACTOR)
        nord.draw()
    assert not folder.exists()


def test_a_district_has_its_own_logo_and_picture_with_words(
    nord: District, sued: District, django_capture_on_commit_callbacks: Any
) -> None:
    desk = nord.signed_in("coordinator")
    url = "/koordination/leitfaden/auftritt/"
    sent = {
        "was": "pictures",
        "pictures-logo": SimpleUploadedFile("l.png", photo(mode="RGBA", kind="PNG")),
        "pictures-header_picture": SimpleUploadedFile("h.jpg", photo()),
    }
    assert desk.post(url, sent).status_code == 422
    for file in ("pictures-logo", "pictures-header_picture"):
        sent[file].seek(0)  # type: ignore[attr-defined]
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(url, sent | {"pictures-header_alt": "Der Kanal"})
    assert answer.status_code == 302
    nord.draw()
    page = nord.client().get("/").content.decode()
    assert 'alt="Der Kanal"' in page
    assert nord.client().get("/medien/quartier/kopf/").status_code == 200
    assert sued.client().get("/medien/quartier/kopf/").status_code == 404
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        actor = User.objects.get(email="coordinator@nord.example")
        appearance.save_pictures(
            nord.row, actor=actor, logo=False, header_picture=False, header_alt=""
        )
    assert nord.client().get("/medien/quartier/kopf/").status_code == 404


def test_two_who_save_pictures_at_once_leave_no_file_behind(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        folder = Path(default_storage.path("district"))
    before = set(folder.iterdir()) if folder.exists() else set()
    # Both have read the row before either of them saved.
    for number, row in enumerate([nord.row, nord.row]):
        logo = SimpleUploadedFile(f"{number}.png", photo(mode="RGBA", kind="PNG"))
        with nord.inside(), django_capture_on_commit_callbacks(execute=True):
            appearance.save_pictures(row, actor=ACTOR, logo=logo, header_alt="")  # type: ignore[arg-type]
        nord.draw()
    assert len([file for file in set(folder.iterdir()) - before if file.is_file()]) == 1
