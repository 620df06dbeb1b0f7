"""Both sides agree: a word opens one move of one district, for a week, and nothing else."""

import gzip
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tenants.districts.models import District as Row
from tenants.districts.models import MovedHost, Moving
from tenants.moving import arriving, leaving, mending, peer, stages, tokens
from tenants.moving.models import Direction, Move, Stage
from tenants.moving.tasks import mend
from tenants.provisioning import names, removal
from tests.cast import ACTOR, District
from tests.moving.conftest import packed
from wiq.media.storage import district_files

NUMBER = uuid4()
OTHER = "https://a.wiq.example"


@pytest.fixture
def word(uncounted: None) -> str:
    return arriving.expect("neuort", other=OTHER, actor=ACTOR)


def ask(word: str, method: str, path: str = "", data: Any = None, **more: Any) -> Any:
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {word}"})
    kind = more.pop("content_type", "application/json")
    return client.generic(
        method, f"/api/v1/moves/{NUMBER}/{path}", data if data is not None else "", kind, **more
    )


def offer(word: str, **changes: str) -> Any:
    said = {
        "slug": "neuort",
        "version": arriving.version(),
        "token": "t" * 43,
        "key_name": "k" * 16,
    }
    return Client(headers={"host": "localhost", "authorization": f"Bearer {word}"}).put(
        f"/api/v1/moves/{NUMBER}/", said | changes, content_type="application/json"
    )


def row() -> Move:
    found: Move = Move.objects.get()
    return found


def test_the_word_of_one_district_opens_no_other_and_none_opens_nothing(word: str) -> None:
    assert offer("").status_code == 401
    assert offer(word + "x").status_code == 401
    assert offer(word, slug="andernort").status_code == 400
    assert row().stage == Stage.EXPECTED
    said = offer(word)
    assert said.status_code == 200
    assert said.json() == {
        "stage": "offered", "slug": "neuort", "target": "http://neuort.localhost:8000", "files": {},
    }  # fmt: skip
    # It is another one's number from now on that this word opens.
    other = Client(headers={"host": "localhost", "authorization": f"Bearer {word}"})
    assert other.get(f"/api/v1/moves/{uuid4()}/").status_code == 404


def test_another_version_a_taken_name_and_a_second_word_are_refused(
    word: str, nord: District
) -> None:
    refused = offer(word, version="0" * 64)
    assert "dieselbe Version" in refused.json()["errors"][0]["detail"]
    second = arriving.expect("neuort", other=OTHER, actor=ACTOR)
    assert offer(word).status_code in (400, 401)
    assert offer(second).status_code == 200
    taken = arriving.expect("nord", other=OTHER, actor=ACTOR)
    assert offer(taken, slug="nord").status_code == 400


def test_a_word_lapses_after_a_week(word: str) -> None:
    Move.objects.update(since=timezone.now() - timedelta(days=8))
    mend.run()
    assert row().stage == Stage.CALLED_OFF
    assert offer(word).status_code == 400
    assert not tokens.is_known(word)


def test_files_come_one_by_one_and_none_leaves_its_folder(word: str) -> None:
    kind = "application/octet-stream"
    assert ask(word, "PUT", "files/bild.png", b"x", content_type=kind).status_code == 400
    offer(word)
    for name in ("bild.png", "ordner/bild.png"):
        assert ask(word, "PUT", f"files/{name}", b"xyz", content_type=kind).status_code == 204
    for name in ("../fremd.png", "%2e%2e/fremd.png", ".verborgen", "a//b"):
        answer = ask(word, "PUT", f"files/{name}", b"x", content_type=kind)
        assert answer.status_code in (400, 404), name
    assert offer(word).json()["files"] == {"bild.png": 3, "ordner/bild.png": 3}


def test_rows_that_are_none_leave_nothing_and_the_move_where_it_was(word: str) -> None:
    offer(word)
    kind = "application/octet-stream"
    for content in (b"", b"kein gzip", gzip.compress(b"kein tar"), gzip.compress(b"")[:-4]):
        assert ask(word, "PUT", "rows/", content, content_type=kind).status_code == 400
    assert row().stage == Stage.OFFERED
    assert not Row.objects.filter(slug="neuort").exists()
    assert ask(word, "POST", "serving/").status_code == 400


def test_it_arrives_unseen_then_serves_and_asked_twice_it_is_done_once(
    word: str, nord: District, sued: District, django_capture_on_commit_callbacks: Any
) -> None:
    sent = packed(nord)
    removal.remove(nord.row, reserve_name=False)
    offer(word)
    answer = ask(word, "PUT", "rows/", gzip.compress(sent), content_type="application/octet-stream")
    assert answer.status_code == 204, answer.content
    visitor = Client(headers={"host": "neuort.localhost"})
    assert visitor.get("/").status_code == 404
    arrived = Row.objects.get(slug="neuort")
    assert (arrived.moving, arrived in Row.objects.tended()) == (Moving.ARRIVING, False)
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert ask(word, "POST", "serving/").status_code == 204
    assert visitor.get("/").status_code == 200
    assert ask(word, "DELETE").status_code == 400
    assert visitor.get("/").status_code == 200
    assert Row.objects.get(slug="neuort").state == "published"


def test_called_off_nothing_is_left(word: str) -> None:
    offer(word)
    ask(word, "PUT", "files/bild.png", b"x", content_type="application/octet-stream")
    schema = row().schema_name
    assert ask(word, "DELETE").status_code == 204
    assert list(district_files().of(schema).everything()) == []
    assert ask(word, "GET").json()["stage"] == "called_off"
    assert offer(word).status_code == 400


def test_the_side_that_a_district_leaves_says_how_it_stands_to_its_own_word_alone(
    nord: District,
) -> None:
    own = tokens.new()
    stages.begin(
        Move(
            uuid=NUMBER, direction=Direction.OUT, stage=Stage.OFFERED, slug="nord", other=OTHER,
            district_id=nord.row.pk, token=tokens.sealed("fremd"), key_name="k",
            token_digest=tokens.digest_of(own), target=OTHER,
        ),
        actor=ACTOR,
    )  # fmt: skip
    assert ask(own, "GET").json()["stage"] == "offered"
    assert ask("fremd", "GET").status_code == 401
    for method, path in (("DELETE", ""), ("POST", "serving/"), ("PUT", "rows/")):
        answer = ask(own, method, path, content_type=(
            "application/octet-stream" if path == "rows/" else "application/json"
        ))  # fmt: skip
        assert answer.status_code == 404
    with pytest.raises(ValidationError):
        leaving.move(nord.row, other="https://c.wiq.example", token="x", actor=ACTOR)
    mending.call_off(nord.row, actor=ACTOR)
    assert row().stage == Stage.CALLED_OFF
    assert row().token == ""


def test_a_name_that_moved_away_is_kept_for_whoever_has_its_key(nord: District) -> None:
    MovedHost.objects.create(host="fort.localhost", target=OTHER, key_name="k" * 16)
    with pytest.raises(ValidationError):
        names.check_slug("fort")
    names.check_slug("fort", key_name="k" * 16)


def test_what_is_sent_goes_over_https_or_stays_on_this_machine(nord: District) -> None:
    for bad in ("http://b.wiq.example", "b.wiq.example", "ftp://b.wiq.example", ""):
        with pytest.raises(ValueError, match=r"https|address"):
            peer.checked(bad)
    assert peer.checked("https://b.wiq.example/x?y") == "https://b.wiq.example"
    assert peer.checked("http://localhost:8001/") == "http://localhost:8001"
    with pytest.raises(CommandError, match="as before"):
        call_command("move_district", "nord", "--to", "https://127.0.0.1:1")
    with pytest.raises(CommandError, match="no district"):
        call_command("move_district", "niemand", "--to", "https://b.wiq.example")
    assert nord.row.moving == Moving.NO
    assert nord.client().get("/").status_code == 200
