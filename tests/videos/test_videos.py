"""A district's own video: written anew, shown with captions and as text, gone at once."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from directory.videos import services
from directory.videos.captions import tidied
from directory.videos.models import Video
from tests.cast import ACTOR, District
from tests.videos.films import PLACE, WORDS, film
from wiq.media import films

SUBRIP = "1\r\n00:00:00,000 --> 00:00:02,000\r\nGuten Tag aus dem Viertel.\r\n"
DESK = "/koordination/videos/video/"


@pytest.fixture
def shown(nord: District, django_capture_on_commit_callbacks: Any) -> Video:
    """A video that Nord shows."""
    video = Video(
        title="Viele von uns", captions=WORDS, transcript="Ada grüßt aus dem Quartier.",
        everyone_agreed=True, is_published=True,
    )  # fmt: skip
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        video.film = ContentFile(film(), name="a.webm")
        services.save(video, actor=ACTOR, film=films.rewritten(video.film))
    return video


def filled(**changes: Any) -> dict[str, Any]:
    sent = {
        "title": "Viele von uns", "captions": WORDS, "transcript": "Ada grüßt.", "position": "0",
        "everyone_agreed": "on", "is_published": "on",
        "film": SimpleUploadedFile("film.mp4", film("mp4"), "video/mp4"),
    }  # fmt: skip
    return {name: value for name, value in (sent | changes).items() if value is not None}


def read(whole: Any) -> bytes:
    """Take a whole film, to its end."""
    content: bytes = whole.getvalue()  # which closes it, as a server does
    return content


def test_what_the_telephone_wrote_beside_the_film_stays_behind() -> None:
    for kind in ("mp4", "mov", "webm"):
        given = film(kind)
        assert PLACE.encode() in given
        kept = films.rewritten(ContentFile(given))
        assert PLACE.encode() not in kept.path.read_bytes()
        assert (kept.width, kept.height, kept.seconds, kept.has_sound) == (160, 90, 2, True)


NO_FILM, BROKEN = "MP4, MOV oder WebM", "kein Video, das wir lesen können"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"#EXTM3U\nhttp://localhost/secret\n", NO_FILM),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", NO_FILM),
        (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 400, BROKEN),
        (b"\x1a\x45\xdf\xa3" + b"\xff" * 400, BROKEN),
    ],
    ids=["list of addresses", "list of files", "head of MP4", "head of WebM"],
)
def test_what_is_no_film_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        films.rewritten(ContentFile(content))


@pytest.mark.parametrize(
    ("kind", "length", "reason"), [("mp4", 2000, NO_FILM), ("webm", 300, BROKEN)]
)
def test_a_film_that_is_cut_off_is_refused(kind: str, length: int, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        films.rewritten(ContentFile(film(kind)[:length]))


@pytest.mark.parametrize(
    ("kind", "codecs", "way_out"),
    [
        ("mp4", ("libx265", "aac"), r"H\.264"),
        ("mp4", ("libx264", "ac3"), "MP4 mit AAC"),
    ],
    ids=["picture", "sound"],
)
def test_a_film_that_not_every_browser_plays_is_refused_with_a_way_out(
    kind: str, codecs: tuple[str, str], way_out: str
) -> None:
    with pytest.raises(ValidationError, match=way_out):
        films.rewritten(ContentFile(film(kind, codecs=codecs)))


def test_a_process_that_takes_too_long_is_ended(monkeypatch: Any) -> None:
    monkeypatch.setattr(films, "SECONDS_MAX", 0.01)
    with pytest.raises(ValidationError, match=BROKEN):
        films.rewritten(ContentFile(film()))


def test_captions_come_as_webvtt_or_subrip_and_leave_as_webvtt() -> None:
    assert tidied(SUBRIP) == tidied(WORDS) == WORDS
    for nothing in ("", "WEBVTT\n", "Guten Tag", "WEBVTT\n\nunsinn --> unsinn\nHallo\n"):
        with pytest.raises(ValidationError, match="keine Untertitel"):
            tidied(nothing)


def test_the_desk_takes_a_film_with_captions_as_a_file(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    desk = nord.signed_in("editor")
    captions = SimpleUploadedFile("worte.srt", SUBRIP.encode())
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(f"{DESK}add/", filled(captions=None, captions_file=captions))
    assert answer.status_code == 302
    with nord.inside():
        video = Video.objects.get()
    assert (video.captions, video.kind, video.minutes) == (WORDS, "mp4", 1)
    page = nord.client().get("/menschen/").content.decode()
    assert f'src="/medien/video/{video.pk}/de.vtt" default' in page
    assert "Ada grüßt." in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"captions": ""}, "Untertitel"),
        ({"everyone_agreed": None}, "einverstanden"),
        ({"transcript": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"film": SimpleUploadedFile("film.mp4", b"kein Film")}, "MP4, MOV oder WebM"),
        ({"captions": "nichts davon"}, "keine Untertitel"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_shown(
    nord: District, changes: dict[str, Any], words: str
) -> None:
    answer = nord.signed_in("coordinator").post(f"{DESK}add/", filled(**changes))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    with nord.inside():
        assert not Video.objects.exists()


def test_a_film_without_sound_needs_no_captions(nord: District) -> None:
    silent = SimpleUploadedFile("film.webm", film(sound=False))
    sent = filled(captions="", film=silent)
    assert nord.signed_in("coordinator").post(f"{DESK}add/", sent).status_code == 302


def test_parts_of_a_film_are_given_as_browsers_ask_for_them(
    nord: District, shown: Video, monkeypatch: Any
) -> None:
    visitor, url = nord.client(), f"/medien/video/{shown.pk}/"
    whole = visitor.get(url)
    content = read(whole)
    assert (whole["Content-Type"], whole["Accept-Ranges"]) == ("video/webm", "bytes")
    for asked, start, end in (("0-", 0, None), ("10-19", 10, 20), ("-7", len(content) - 7, None)):
        part = visitor.get(url, headers={"Range": f"bytes={asked}"})
        assert part.status_code == 206
        assert part.content == content[start:end]
        told = f"bytes {start}-{(end or len(content)) - 1}/{len(content)}"
        assert part["Content-Range"] == told
    beyond = visitor.get(url, headers={"Range": f"bytes={len(content)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(content)}")
    for unread in ("bytes=0-1,4-5", "bytes=-", "lines=1-2"):
        assert read(visitor.get(url, headers={"Range": unread})) == content
    other = {"Range": "bytes=0-", "If-Range": '"another"'}
    assert read(visitor.get(url, headers=other)) == content
    assert visitor.get(url, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    # However much is asked for, a part is small enough to go out at once.
    monkeypatch.setattr("wiq.media.byte_ranges.PART_MAX", 100)
    part = visitor.get(url, headers={"Range": "bytes=0-"})
    assert (len(part.content), part["Content-Range"]) == (100, f"bytes 0-99/{len(content)}")


def test_whole_films_do_not_take_every_thread(nord: District, shown: Video) -> None:
    visitor, url = nord.client(), f"/medien/video/{shown.pk}/"
    first = visitor.get(url)
    busy = visitor.get(url)
    assert (busy.status_code, busy["Retry-After"]) == (503, "30")
    assert visitor.get(url, headers={"Range": "bytes=0-1"}).status_code == 206
    assert read(first) == read(visitor.get(url))


def test_a_video_taken_back_is_unreachable_at_once(
    nord: District, sued: District, shown: Video, django_capture_on_commit_callbacks: Any
) -> None:
    addresses = [
        f"/medien/video/{shown.pk}/{rest}" for rest in ("", "de.vtt", "bild/640.webp")
    ]  # fmt: skip
    for address in addresses:
        assert nord.client().get(address, headers={"Range": "bytes=0-1"}).status_code in (200, 206)
        assert sued.client().get(address).status_code == 404
    with nord.inside():
        shown.is_published = False
        services.save(shown, actor=ACTOR)
        stored = [Path(default_storage.path(str(name))) for name in (shown.film, shown.poster)]
    for address in addresses:
        assert nord.client().get(address, headers={"Range": "bytes=0-1"}).status_code == 404
    assert "<video" not in nord.client().get("/menschen/").content.decode()
    own = f"/medien/{nord.row.schema_name}/{shown.film.name}"
    assert read(nord.signed_in("editor").get(own))
    assert nord.client().get(own).status_code == 404
    assert sued.signed_in("editor").get(own).status_code == 404
    assert all(file.exists() for file in stored)
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        services.remove(shown, actor=ACTOR)
    assert not any(file.exists() for file in stored)


def test_a_new_film_replaces_the_old_one(
    nord: District, shown: Video, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        folder = Path(default_storage.path("videos"))
    before = {file for file in folder.iterdir() if file.is_file()}
    old = {folder / Path(str(file)).name for file in (shown.film, shown.poster)}
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        shown.film = ContentFile(film("mp4"), name="neu.mp4")
        services.save(shown, actor=ACTOR, film=films.rewritten(shown.film))
    new = {folder / Path(str(file)).name for file in (shown.film, shown.poster)}
    assert {file for file in folder.iterdir() if file.is_file()} == before - old | new


def test_only_somebody_signed_in_may_send_as_much_as_a_film(nord: District) -> None:
    heavy = SimpleUploadedFile("film.mp4", b"x" * 6_100_000)
    assert nord.client().post(f"{DESK}add/", filled(film=heavy)).status_code == 413
    heavy.seek(0)
    desk = nord.signed_in("editor")
    assert desk.post(f"{DESK}add/", filled(film=heavy)).status_code == 200
    heavy.seek(0)
    assert desk.post("/koordination/people/team/add/", {"film": heavy}).status_code == 413


def test_nothing_is_left_in_the_folder_for_temporary_files(
    monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    films.rewritten(ContentFile(film()))
    with pytest.raises(ValidationError, match=BROKEN):
        films.rewritten(ContentFile(film()[:300]))
    assert not list(tmp_path.iterdir())
