"""A video's limits to the byte, who may have its files, and what is noted of each write."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from directory.videos import services
from directory.videos.captions import captions_in, tidied
from directory.videos.models import Video
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from tests.locks import row_locks
from tests.videos.films import WORDS
from tests.videos.test_videos import NO_FILM, read
from wiq.audit.models import Entry
from wiq.media import byte_ranges, films

CONTENT = bytes(range(256)) * 4


@pytest.fixture
def stored(nord: District) -> Video:
    """A video that Nord shows, whose files were only put there: nobody has looked into them."""
    with nord.inside():
        return Video.objects.create(
            title="Viele von uns", captions=WORDS, transcript="Ada grüßt.",
            everyone_agreed=True, is_published=True,
            film=default_storage.save("videos/a.webm", ContentFile(CONTENT)),
            poster=default_storage.save("videos/a.jpg", ContentFile(CONTENT)),
        )  # fmt: skip


def weighing(size: int, content: bytes = b"kein Film") -> ContentFile:
    """Return an uploaded file that weighs so much, as the server has counted it."""
    file = ContentFile(content)
    file.size = size
    return file


@pytest.mark.parametrize(("size", "reason"), [(60_000_000, NO_FILM), (60_000_001, r"60\\xa0MB")])
def test_a_film_of_sixty_megabytes_is_looked_into_and_a_larger_one_is_not(
    size: int, reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        films.rewritten(weighing(size))


def test_captions_of_two_hundred_thousand_bytes_are_read_and_more_are_not() -> None:
    assert captions_in(weighing(200_000, WORDS.encode())) == WORDS
    with pytest.raises(ValidationError, match="zu groß für Untertitel"):
        captions_in(weighing(200_001, WORDS.encode()))


def test_a_caption_may_last_no_time_at_all_but_not_less() -> None:
    assert "00:00:02.000 --> 00:00:02.000" in tidied(WORDS.replace("00:00:00.000", "00:00:02.000"))
    with pytest.raises(ValidationError, match=r"Bei 00:00:03\.000 endet ein Untertitel"):
        tidied(WORDS.replace("00:00:00.000", "00:00:03.000"))


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (60, 1), (61, 2), (120, 2)])
def test_a_film_is_said_to_last_the_minutes_that_it_begins(seconds: int, minutes: int) -> None:
    assert Video(seconds=seconds).minutes == minutes


def test_a_video_is_held_before_it_is_saved_so_that_no_film_is_left_behind(
    nord: District, stored: Video
) -> None:
    with nord.inside(), row_locks() as locked:
        services.save(stored, actor=ACTOR)
    assert "videos_video" in locked


def test_each_write_of_a_video_is_noted_with_who_did_it(nord: District, stored: Video) -> None:
    with nord.inside():
        services.save(stored, actor=ACTOR)
        services.remove(stored, actor=ACTOR)
        noted = Entry.objects.filter(action__startswith="video.").order_by("pk")
        assert [(entry.action, entry.actor) for entry in noted] == [
            (f"video.{verb}", ACTOR) for verb in ("updated", "deleted")
        ]


def test_the_film_stays_until_its_removal_is_certain(nord: District, stored: Video) -> None:
    with nord.inside():
        file = Path(default_storage.path(str(stored.film)))
        services.remove(stored, actor=ACTOR)  # and nothing is committed
    assert file.exists()


@pytest.mark.parametrize(
    ("state", "status"), [(State.HIDDEN, 404), (State.SUSPENDED, 503), (State.ARCHIVED, 410)]
)
def test_no_file_of_a_video_is_given_where_the_district_is_closed(
    nord: District,
    stored: Video,
    state: State,
    status: int,
    django_capture_on_commit_callbacks: Any,
) -> None:
    addresses = [f"/medien/video/{stored.pk}/{rest}" for rest in ("", "de.vtt", "bild/640.webp")]
    part = {"Range": "bytes=0-1"}
    for address in addresses:
        assert nord.client().get(address, headers=part).status_code in (200, 206)
    with django_capture_on_commit_callbacks(execute=True):
        put(nord.row, state)
    for address in addresses:
        assert nord.client().get(address, headers=part).status_code == status


def test_nobody_in_between_keeps_a_file_of_a_video(nord: District, stored: Video) -> None:
    for rest in ("", "de.vtt", "bild/640.webp"):
        answer = nord.client().get(
            f"/medien/video/{stored.pk}/{rest}", headers={"Range": "bytes=0-1"}
        )
        assert answer["Cache-Control"] == "private, no-cache", rest


def test_captions_that_nobody_wrote_are_not_there(nord: District, stored: Video) -> None:
    assert nord.client().get(f"/medien/video/{stored.pk}/en.vtt").status_code == 404
    german = nord.client().get(f"/medien/video/{stored.pk}/de.vtt")
    assert german.content.decode() == WORDS


def test_the_desk_gives_films_alone_and_under_the_name_of_its_own_district(
    nord: District, sued: District, stored: Video
) -> None:
    desk = nord.signed_in("editor")
    own = f"/medien/{nord.row.schema_name}"
    assert read(desk.get(f"{own}/{stored.film.name}"))
    assert desk.get(f"{own}/{stored.poster.name}").status_code == 404
    other = f"/medien/{sued.row.schema_name}/{stored.film.name}"
    assert desk.get(other).status_code == 404


@pytest.mark.parametrize(
    ("asked", "first", "length"),
    [
        ("0-0", 0, 1),
        ("{last}-{last}", -1, 1),
        ("{last}-999999999", -1, 1),
        ("-1", -1, 1),
        ("-999999999", 0, None),
        ("{size}-{size}", None, 416),
        ("5-3", None, 416),
        ("-0", None, 416),
    ],
)
def test_a_part_begins_and_ends_where_it_was_asked_for(
    nord: District, stored: Video, asked: str, first: int | None, length: int | None
) -> None:
    size = len(CONTENT)
    words = "bytes=" + asked.format(size=size, last=size - 1)
    part = nord.client().get(f"/medien/video/{stored.pk}/", headers={"Range": words})
    if first is None:
        assert (part.status_code, part["Content-Range"]) == (length, f"bytes */{size}")
        return
    start = first % size
    wanted = CONTENT[start : start + (length or size)]
    assert (part.status_code, part.content) == (206, wanted)
    assert part["Content-Range"] == f"bytes {start}-{start + len(wanted) - 1}/{size}"


def test_a_part_fits_to_the_version_the_browser_has_and_goes_with_get_alone(
    nord: District, stored: Video
) -> None:
    visitor, url = nord.client(), f"/medien/video/{stored.pk}/"
    part = visitor.get(url, headers={"Range": "bytes=0-1"})
    same = {"Range": "bytes=0-1", "If-Range": part["ETag"]}
    assert visitor.get(url, headers=same).status_code == 206
    other = visitor.get(url, headers={"Range": "bytes=0-1", "If-Range": '"another"'})
    assert (other.status_code, read(other)) == (200, CONTENT)
    head = visitor.head(url, headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.get("Content-Range")) == (200, None)
    head.close()


def test_a_part_holds_two_million_bytes_at_most(nord: District, rf: Any) -> None:
    with nord.inside():
        large = default_storage.save("videos/large.mp4", ContentFile(b"x" * 2_000_002))
        for asked, told in (("0-", "0-1999999"), ("1-2000001", "1-2000000"), ("3-", "3-2000001")):
            request = rf.get("/", headers={"Range": f"bytes={asked}"})
            answer = byte_ranges.ranged_response(request, large, content_type="video/mp4")
            assert answer["Content-Range"] == f"bytes {told}/2000002"
