"""Files in a bucket, on a real S3 server: they pass through us, and districts stay apart."""

import io
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from PIL import Image

from directory.people import services as people
from directory.videos import services as videos
from directory.videos.models import Video
from tenants.console import services as console
from tenants.districts.models import District as Row
from tenants.provisioning import removal
from tests.cast import ACTOR, District
from tests.hostile.test_redraw import photo
from tests.media.conftest import Bucket
from tests.media.s3 import BUCKET
from tests.stack.running import eventually
from tests.transfer.files import export, fill, unpacked
from tests.videos.films import WORDS, film
from wiq.media import films
from wiq.media.bucket_address import storage_for
from wiq.media.night import delete_files_of_nobody
from wiq.media.pictures import keep, redraw, remove_file_after_commit
from wiq.media.storage import district_files

pytestmark = pytest.mark.thorough


@pytest.fixture
def portrait(nord: District, bucket: Bucket, django_capture_on_commit_callbacks: Any) -> str:
    """The stored name of Ada's portrait, which Nord shows."""
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        ada = nord.person("ada")
        ada.portrait_alt, ada.portrait = "Ada", SimpleUploadedFile("a.jpg", photo())
        people.save(ada, actor=ACTOR)
        people.record_consent(
            person=ada, actor=ACTOR, scope="portrait", given_on="2024-01-01", given_how="written"
        )
    nord.draw()
    return str(ada.portrait.name)


@pytest.fixture
def video(nord: District, bucket: Bucket, django_capture_on_commit_callbacks: Any) -> Video:
    """A video that Nord shows."""
    shown = Video(
        title="Viele von uns", captions=WORDS, transcript="Ada grüßt.", everyone_agreed=True,
        is_published=True,
    )  # fmt: skip
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        shown.film = ContentFile(film(), name="a.webm")
        videos.save(shown, actor=ACTOR, film=films.rewritten(shown.film))
    return shown


def test_a_picture_passes_through_us_in_every_size(
    nord: District, bucket: Bucket, portrait: str
) -> None:
    for small, kind in (("", "image/jpeg"), ("320.avif", "image/avif"), ("160.webp", "image/webp")):
        answer = nord.client().get(f"/medien/bild/ada/{small}")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        content = answer.getvalue()
        assert int(answer["Content-Length"]) == len(content)
        assert Image.open(io.BytesIO(content)).size[0] in (800, 320, 160)
        assert answer["Cache-Control"] == "private, no-cache"
        shown = f"{answer.headers} {content!r}"
        assert BUCKET not in shown and bucket.server.endpoint not in shown
    assert nord.client().get("/medien/bild/ben/").status_code == 404
    schema = nord.row.schema_name
    assert f"{schema}/{portrait}" in bucket.listed()
    assert f"{schema}/smaller/{portrait}/320.avif" in bucket.listed()
    assert not (Path(settings.MEDIA_ROOT) / schema / portrait).exists()


def test_nothing_opens_by_its_address_alone(
    nord: District, sued: District, bucket: Bucket, portrait: str
) -> None:
    key = f"{bucket.prefix}/{nord.row.schema_name}/{portrait}"
    for address in (f"/{BUCKET}/{key}", f"/{BUCKET}/", f"/{BUCKET}/?list-type=2"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(bucket.server.endpoint + address)
        assert refused.value.code == 403
    own = f"/medien/{nord.row.schema_name}/{portrait}"
    with nord.inside():
        assert nord.person("ada").portrait.url == own
    assert nord.client().get(own).status_code == 404
    assert sued.signed_in("editor").get(own).status_code == 404
    desk = nord.signed_in("editor").get(own)
    assert (desk.status_code, desk["Cache-Control"]) == (200, "private, no-store")
    assert Image.open(io.BytesIO(desk.getvalue())).size == (800, 600)
    form = nord.signed_in("editor").get(
        f"/koordination/people/person/{nord.person('ada').pk}/change/"
    )
    assert own in form.content.decode()
    assert bucket.server.endpoint not in form.content.decode()


def test_a_film_is_given_whole_and_in_parts(nord: District, video: Video) -> None:
    visitor, url = nord.client(), f"/medien/video/{video.pk}/"
    whole = visitor.get(url)
    content = whole.getvalue()
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    assert int(whole["Content-Length"]) == len(content)
    size = len(content)
    for asked, start, end in (("0-1", 0, 1), ("5-", 5, size - 1), ("-7", size - 7, size - 1),
                              (f"10-{size + 5}", 10, size - 1)):  # fmt: skip
        part = visitor.get(url, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.content) == (206, content[start : end + 1])
        assert part["Content-Range"] == f"bytes {start}-{end}/{size}"
    beyond = visitor.get(url, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{size}")
    still = visitor.get(f"{url}bild/160.webp")
    assert (still.status_code, still["Content-Type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(still.getvalue())).format == "WEBP"
    head = visitor.head(url)
    assert (head.status_code, int(head["Content-Length"])) == (200, size)


def test_a_file_comes_and_goes_with_a_commit_alone(
    nord: District, bucket: Bucket, django_capture_on_commit_callbacks: Any
) -> None:
    drawn = redraw(ContentFile(photo()))
    with nord.inside():
        with pytest.raises(RuntimeError), transaction.atomic():
            keep(drawn, "district")
            raise RuntimeError
        assert not [key for key in bucket.listed() if "/smaller/" in key]
        with django_capture_on_commit_callbacks(execute=True):
            name = keep(drawn, "district")
        with pytest.raises(RuntimeError), transaction.atomic():
            remove_file_after_commit(name)
            raise RuntimeError
        assert len([key for key in bucket.listed() if name in key]) == 1 + len(drawn.smaller)
        with django_capture_on_commit_callbacks(execute=True):
            remove_file_after_commit(name)
    assert not [key for key in bucket.listed() if name in key]


def test_one_district_reaches_no_file_of_another(
    nord: District, sued: District, bucket: Bucket
) -> None:
    with nord.inside():
        name = default_storage.save("portraits/a.jpg", ContentFile(b"nord"))
        bound = district_files().of(nord.row.schema_name)
    with sued.inside():
        assert not default_storage.exists(name)
        assert [file.name for file in district_files().everything()] == []
        for reach in (f"../{nord.row.schema_name}/{name}", f"/{nord.row.schema_name}/{name}",
                      f"../../{nord.row.schema_name}/{name}", ".."):  # fmt: skip
            with pytest.raises((SuspiciousFileOperation, FileNotFoundError)):
                district_files().read(reach)
        district_files().remove_all()
        # What is bound to a district stays with it, whatever schema is set.
        assert bound.read(name).content.read() == b"nord"
    with nord.inside():
        assert default_storage.save(name, ContentFile(b"x")) != name


def test_a_district_leaves_and_comes_back_with_its_files(
    nord: District, bucket: Bucket, tmp_path: Path
) -> None:
    fill(nord)
    packed = export(nord)
    files = [name for name in unpacked(packed) if name.startswith("files/")]
    assert files
    target = tmp_path / "nord.zip"
    target.write_bytes(packed)
    call_command("import_district", str(target), slug="nord-zwei")
    copy = Row.objects.get(slug="nord-zwei").schema_name
    there = {key.removeprefix(f"{copy}/") for key in bucket.listed() if key.startswith(copy)}
    assert {name.removeprefix("files/") for name in files} <= there
    again = unpacked(export(District("nord-zwei")))
    assert [again[name] for name in files] == [unpacked(packed)[name] for name in files]


def test_files_are_counted_and_removed_with_their_district(
    nord: District, sued: District, bucket: Bucket, monkeypatch: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr("wiq.media.bucket.AT_ONCE", 2)
    before = console.count(nord.row).bytes_stored
    for district in (nord, sued):
        with district.inside():
            for number in range(5):
                default_storage.save(f"portraits/{number}.jpg", ContentFile(b"x" * 1_000_000))
    assert 4_000_000 < console.count(nord.row).bytes_stored - before < 6_000_000
    gone, stays = nord.row.schema_name, sued.row.schema_name
    with django_capture_on_commit_callbacks(execute=True):
        removal.remove(nord.row)
    assert {key.split("/")[0] for key in bucket.listed()} == {stays}
    assert list(district_files().of(gone).everything()) == []
    assert len(bucket.listed()) == 5


def test_what_belongs_to_no_district_goes_at_night_unless_it_is_young(
    nord: District, bucket: Bucket, monkeypatch: Any
) -> None:
    gone = "d_00000000000000ff"
    district_files().of(gone).save("portraits/a.jpg", ContentFile(b"x"))
    with nord.inside():
        default_storage.save("portraits/a.jpg", ContentFile(b"x"))
    district_files().of("public").save("a.txt", ContentFile(b"x"))
    assert gone not in removal.clear_leftovers()
    # Not the whole clock: the server refuses a signature of tomorrow.
    tomorrow = SimpleNamespace(time=lambda: time.time() + 86_460)
    monkeypatch.setattr(removal, "time", tomorrow)
    assert removal.clear_leftovers() == [gone]
    left = {f"{nord.row.schema_name}/portraits/a.jpg", "public/a.txt"}
    assert set(bucket.listed()) == left


@pytest.fixture
def unplugged(bucket: Bucket) -> Iterator[Bucket]:
    """The bucket, whose server has just gone."""
    bucket.server.stop()
    yield bucket
    bucket.server.start()


def test_without_the_server_pages_say_later_and_nothing_is_lost(
    nord: District, portrait: str, unplugged: Bucket, platform: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    answer = nord.client().get("/medien/bild/ada/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert "Gerade geht es nicht" in answer.content.decode()
    assert nord.client().get("/menschen/").status_code == 200
    assert platform.get("/health/ready").json()["files"] == "failed: FilesAway"
    ada = nord.person("ada")
    with nord.inside(), django_capture_on_commit_callbacks(execute=True):
        ada.portrait = ""
        people.save(ada, actor=ACTOR)
    assert nord.client().get("/medien/bild/ada/").status_code == 404
    unplugged.server.start()
    eventually(lambda: platform.get("/health/ready").json()["files"] == "ok", 20)
    assert any(portrait in key for key in unplugged.listed())
    # The night deletes what could not be deleted then.
    with pytest.MonkeyPatch.context() as patch, nord.inside():
        patch.setattr("wiq.media.night.AGE_SECONDS", -60)
        assert delete_files_of_nobody() > 1
    assert not any(portrait in key for key in unplugged.listed())


def test_a_server_that_hangs_holds_nobody_for_long(
    nord: District, bucket: Bucket, portrait: str
) -> None:
    assert bucket.server.process is not None
    process = psutil.Process(bucket.server.process.pid)
    process.suspend()
    try:
        eventually(lambda: process.status() == psutil.STATUS_STOPPED, 10)
        waits = []
        for _turn in range(3):
            began = time.monotonic()
            assert nord.client().get("/medien/bild/ada/").status_code == 503
            waits.append(time.monotonic() - began)
    finally:
        process.resume()
    assert waits[0] < 4
    assert max(waits[1:]) < 1  # nobody else waits for it
    eventually(lambda: nord.client().get("/medien/bild/ada/").status_code == 200, 10)


def test_a_wrong_key_is_told_by_the_health_page(
    bucket: Bucket, settings: Any, platform: Any
) -> None:
    assert platform.get("/health/ready").json()["files"] == "ok"
    wrong = storage_for(bucket.server.url(bucket.prefix, secret="falsch"))
    settings.STORAGES = {**settings.STORAGES, "default": wrong}
    answer = platform.get("/health/ready")
    assert answer.json()["files"] == "failed: FilesAway"
    assert "falsch" not in answer.content.decode()
