"""A picture's limits to the byte and the point, what goes with it, and who may keep it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from directory.desk.forms import PicturesForm
from directory.people import services as people
from directory.solutions import services as solutions
from directory.solutions.models import Picture
from tenants.districts import services as districts
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from tests.hostile.test_redraw import photo
from tests.hostile.test_uploads import bomb, drawn
from wiq.media import sandbox
from wiq.media.pictures import Drawn, check_picture, keep, remove_file_after_commit

DRAWN = Drawn(".jpg", photo(40, 30), 40, 30, {"160.webp": b"klein"})


def uploaded(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("bild.png", content)


def test_forty_million_points_are_a_picture_and_more_are_too_many() -> None:
    check_picture(uploaded(bomb(6324)))  # 39,992,976
    with pytest.raises(ValidationError, match="Höchstens 40 Millionen"):
        check_picture(uploaded(bomb(6325)))  # 40,005,625


@pytest.mark.parametrize(("size", "fits"), [(5_000_000, True), (5_000_001, False)])
def test_a_picture_of_five_megabytes_is_taken_and_a_larger_one_is_not(
    size: int, fits: bool
) -> None:
    file = uploaded(photo(40, 30))
    file.size = size
    if fits:
        check_picture(file)
        assert file.read(2) == b"\xff\xd8"  # from its beginning, for who reads it next
        return
    with pytest.raises(ValidationError, match=r"höchstens 5\\xa0MB"):
        check_picture(file)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(drawn("GIF"), "als JPEG, PNG oder WebP"), (b"kein Bild", "kein Bild, das wir lesen können")],
    ids=["GIF", "text"],
)
def test_what_is_no_picture_for_a_page_is_refused_with_its_reason(
    content: bytes, reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        check_picture(uploaded(content))


@pytest.mark.parametrize("field", ["logo", "header_picture"])
def test_the_districts_own_pictures_are_looked_into_as_well(nord: District, field: str) -> None:
    sent = {"header_alt": "Der Kanal"}
    for content, fits in ((photo(40, 30), True), (drawn("GIF"), False)):
        form = PicturesForm(sent, {field: uploaded(content)}, instance=nord.row)
        assert form.is_valid() is fits


ALLOWANCE = """
import json, resource, runpy, sys
try:
    runpy.run_module(sys.argv.pop(1), run_name="__main__")
except Exception:
    pass
kinds = ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_FSIZE")
print(json.dumps([resource.getrlimit(getattr(resource, kind)) for kind in kinds]))
"""


@pytest.mark.parametrize(
    ("module", "cpu_seconds", "largest_file"),
    [("wiq.media.redraw", 30, None), ("wiq.media.remux", 40, 80_000_000)],
)
def test_what_reads_an_upload_may_use_little(
    module: str, cpu_seconds: int, largest_file: int | None, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.write_bytes(b"")
    arguments = [str(given), str(tmp_path)] if largest_file else []
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALLOWANCE, module, *arguments],
        input=b"", capture_output=True, check=True,
    )  # fmt: skip
    memory, cpu, core, file = json.loads(done.stdout.splitlines()[-1].rpartition(b"}")[2])
    assert memory == [1 << 30] * 2
    assert cpu == [cpu_seconds] * 2
    assert core == [0, 0]
    if largest_file:
        assert file == [largest_file] * 2


def test_what_reads_an_upload_knows_nothing_of_this_process() -> None:
    told = sandbox.run_sandboxed(
        "timeit", "-n1", "-r1", "-s", "import os; print(*os.environ)", seconds=20
    ).decode()
    assert "loop" in told
    assert "SECRET_KEY" not in told
    assert "DATABASE_URL" not in told


def test_uploads_are_read_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)
    words = ("timeit", "-n1", "-r1", "pass")
    with sandbox._turn, pytest.raises(ValidationError, match="Gerade werden andere"):
        sandbox.run_sandboxed(*words, seconds=20)
    with pytest.raises(subprocess.CalledProcessError):
        sandbox.run_sandboxed("timeit", "raise KeyError", seconds=20)
    assert sandbox.run_sandboxed(*words, seconds=20)


def test_smaller_ones_come_and_go_with_a_commit_alone(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        with pytest.raises(RuntimeError), transaction.atomic():
            name = keep(DRAWN, "district")
            raise RuntimeError
        lost = Path(default_storage.path(f"smaller/{name}"))
        with django_capture_on_commit_callbacks(execute=True):
            name = keep(DRAWN, "district")
        file, small = (
            Path(default_storage.path(path)) for path in (name, f"smaller/{name}/160.webp")
        )
        assert file.exists()
        assert small.read_bytes() == b"klein"
        with pytest.raises(RuntimeError), transaction.atomic():
            remove_file_after_commit(name)
            raise RuntimeError
        assert file.exists()
        assert small.exists()
        with django_capture_on_commit_callbacks(execute=True):
            remove_file_after_commit(name)
    assert not lost.exists()
    assert not file.exists()
    assert not small.parent.exists()


@pytest.fixture
def pictures(nord: District) -> list[str]:
    """Addresses of pictures that Nord shows: of Ada, of a solution team, of the district."""
    with nord.inside():
        ada, file = (
            nord.person("ada"),
            default_storage.save("portraits/a.jpg", ContentFile(photo())),
        )
        type(ada).objects.filter(pk=ada.pk).update(portrait=file, portrait_alt="Ada")
        people.record_consent(
            person=ada, actor=ACTOR, scope="portrait", given_on="2024-01-01", given_how="written"
        )
        of_team = Picture.objects.create(
            solution_team=nord.solution_team(), image=default_storage.save("pictures/b.jpg", ContentFile(photo())),
            alt="Ein Baum",
        )  # fmt: skip
        logo = default_storage.save("district/l.jpg", ContentFile(photo()))
    districts.update(nord.row, actor=ACTOR, logo=logo)
    return [
        "/medien/bild/ada/",
        f"/medien/loesungsteam/baeume/{of_team.pk}/",
        "/medien/quartier/logo/",
    ]


def test_nobody_in_between_keeps_a_picture_and_whoever_kept_it_asks_again(
    nord: District, pictures: list[str]
) -> None:
    for address in pictures:
        answer = nord.client().get(address)
        assert answer.status_code == 200, address
        assert answer["Cache-Control"] == "private, no-cache", address


@pytest.mark.parametrize(
    ("state", "status"),
    [(State.DRAFT, 404), (State.HIDDEN, 404), (State.SUSPENDED, 503), (State.ARCHIVED, 410)],
)
def test_no_picture_is_given_where_the_district_is_closed(
    nord: District, pictures: list[str], state: State, status: int,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        put(nord.row, state)
    for address in pictures:
        assert nord.client().get(address).status_code == status, address


def test_a_portrait_goes_with_the_consent_to_be_named(nord: District, pictures: list[str]) -> None:
    with nord.inside():
        for consent in nord.person("ada").consents.exclude(scope="portrait"):
            people.withdraw_consent(consent, actor=ACTOR)
    assert nord.client().get(pictures[0]).status_code == 404


def test_a_picture_of_a_draft_is_for_the_desk_and_kept_by_nobody(
    nord: District, pictures: list[str]
) -> None:
    with nord.inside():
        desk = Picture.objects.get().image.url
        solutions.set_state(nord.solution_team(), "draft", actor=ACTOR)
    assert nord.client().get(pictures[1]).status_code == 404
    assert nord.client().get(desk).status_code == 404
    answer = nord.signed_in("editor").get(desk)
    assert answer["Cache-Control"] == "private, no-store"


def test_another_teams_picture_has_no_address_under_a_public_one(
    nord: District, pictures: list[str]
) -> None:
    assert nord.client().get(pictures[1].replace("baeume", "fest")).status_code == 404


MEMORY = """
import io, resource, sys
from PIL import Image
from wiq.media import redraw

content = io.BytesIO()
Image.new("RGB", (6300, 6300), "darkgreen").save(content, "PNG", compress_level=1)
made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
redraw.redraw(content.getvalue())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / made)
"""


@pytest.mark.thorough
def test_a_picture_of_forty_million_pixels_is_in_memory_once() -> None:
    # Beside the interpreter, making it takes as much as drawing it may.
    said = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert float(said.stdout) < 1.5
