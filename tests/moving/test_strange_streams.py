"""A stream is believed about its own district, and about nothing else of this platform."""

import gzip
import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from tenants.districts.models import District as Row
from tenants.districts.models import Domain, MovedHost
from tenants.moving import arriving, stages, unpacking
from tenants.moving.models import Move, Stage
from tenants.moving.tasks import mend
from tenants.moving.unpacking import BrokenOff, unpack
from tenants.provisioning import removal
from tests.cast import ACTOR, District
from tests.moving.test_agreement import NUMBER, OTHER, ask, offer
from tests.moving.test_broken_off import again, entries, left
from wiq.outbox.models import Pointer

BYTES = "application/octet-stream"


@pytest.fixture
def word(uncounted: None) -> str:
    return arriving.expect("neuort", other=OTHER, actor=ACTOR)


def changed(sent: bytes, name: str, change: Callable[[Any], Any]) -> bytes:
    """Return the stream with one entry changed, and with the digests that belong to it."""
    files = entries(sent)
    end = json.loads(files.pop("end.json"))
    files[name] = json.dumps(change(json.loads(files[name]))).encode()
    end[name] = hashlib.sha256(files[name]).hexdigest()
    return again(files | {"end.json": json.dumps(end).encode()})


def with_host(sent: bytes, host: str, **more: str) -> bytes:
    def add(own: dict[str, Any]) -> dict[str, Any]:
        return own | more | {"hosts": [*own["hosts"], own["hosts"][0] | {"domain": host}]}

    return changed(sent, "district.json", add)


@pytest.mark.parametrize("host", [
    "www.localhost", "neu.localhost", "localhost", "a.b.localhost", "ohnepunkt", "zwei worte.example",
    "fort.example",
])  # fmt: skip
def test_no_address_of_this_platform_or_of_a_moved_one_comes_as_an_own_domain(
    sent: bytes, sued: District, host: str
) -> None:
    MovedHost.objects.create(host="fort.example", target=OTHER, key_name="k" * 16)
    before = left()
    with pytest.raises(ValidationError):
        unpack(io.BytesIO(with_host(sent, host, domain="fremd.example")), actor=ACTOR)
    assert left() == before
    assert not Domain.objects.filter(domain=host).exists()


@pytest.mark.parametrize("slug", ["www", "fort", "ruht", "a.b", "X"])
def test_former_short_names_go_by_the_rules_of_this_platform(
    sent: bytes, sued: District, slug: str
) -> None:
    MovedHost.objects.create(host="fort.localhost", target=OTHER, key_name="k" * 16)
    record = removal.Removal.objects.first()
    assert record is not None
    soon = timezone.localdate() + timedelta(days=9)
    removal.Removal.objects.filter(pk=record.pk).update(slug="ruht", reserved_until=soon)
    unpack(io.BytesIO(with_host(sent, f"{slug}.localhost")), actor=ACTOR)
    assert not Domain.objects.filter(domain__iexact=f"{slug}.localhost").exists()


def test_a_former_short_name_and_an_own_domain_come_along(sent: bytes) -> None:
    sent = with_host(with_host(sent, "frueher.localhost"), "nordviertel.example")
    district, _own = unpack(io.BytesIO(sent), actor=ACTOR)
    found = set(district.domains.values_list("domain", flat=True))
    assert found == {"nord.localhost", "frueher.localhost", "nordviertel.example"}


def test_rows_get_the_numbers_of_this_platform(sent: bytes, sued: District) -> None:
    name = "public/outbox_pointer.json"
    name = next(one for one in entries(sent) if one.startswith("public/") and "pointer" in one)
    far = 9_000_000
    sent = changed(sent, name, lambda rows: [row | {"id": far + n} for n, row in enumerate(rows)])
    unpack(io.BytesIO(sent), actor=ACTOR)
    assert Pointer.objects.exists()
    assert not Pointer.objects.filter(pk__gte=far).exists()


def test_no_counter_of_the_platform_is_set(sent: bytes, sued: District) -> None:
    def add(head: dict[str, Any]) -> dict[str, Any]:
        return head | {"counters": head["counters"] | {"districts_district_id_seq": 1}}

    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM districts_district_id_seq")
        before = cursor.fetchone()[0]
    with pytest.raises(BrokenOff):
        unpack(io.BytesIO(changed(sent, "head.json", add)), actor=ACTOR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM districts_district_id_seq")
        assert cursor.fetchone()[0] >= before


@pytest.mark.parametrize("name", ["head.json", "district.json", "files.json"])
def test_what_is_no_district_is_refused_in_words(sent: bytes, name: str) -> None:
    before = left()
    for said in ("x", 7, None, [], {"fremd.png": 1}):
        # A district without files may say so by an empty list as well.
        if (name, said) == ("files.json", []):
            continue
        with pytest.raises((BrokenOff, ValidationError)):
            unpack(io.BytesIO(changed(sent, name, lambda found, said=said: said)), actor=ACTOR)
    assert left() == before


def test_what_swells_up_is_refused(word: str, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(word)
    for name, most in (("MOST_UNPACKED", 10_000), ("MOST_IN_MEMORY", 100)):
        module = arriving if name == "MOST_UNPACKED" else unpacking
        with monkeypatch.context() as patch:
            patch.setattr(module, name, most)
            answer = ask(word, "PUT", "rows/", gzip.compress(sent), content_type=BYTES)
        assert answer.status_code == 400
    torn = bytearray(gzip.compress(sent))
    torn[200:220] = b"x" * 20
    assert ask(word, "PUT", "rows/", bytes(torn), content_type=BYTES).status_code == 400
    assert not Row.objects.filter(slug="neuort").exists()
    assert ask(word, "PUT", "rows/", gzip.compress(sent), content_type=BYTES).status_code == 204


def test_rows_that_came_before_their_process_died_come_again(word: str, sent: bytes) -> None:
    offer(word)
    former = Move.objects.get().schema_name
    unpack(io.BytesIO(sent), actor=ACTOR, slug="neuort", schema_name=former)
    assert offer(word).status_code == 200
    assert Move.objects.get().schema_name != former
    assert not Row.objects.filter(slug="neuort").exists()
    assert ask(word, "PUT", "rows/", gzip.compress(sent), content_type=BYTES).status_code == 204
    assert Move.objects.get().stage == Stage.ARRIVED


def test_an_offer_that_comes_late_takes_nothing_from_a_district_that_answers(
    word: str, sent: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    offer(word)
    ask(word, "PUT", "rows/", gzip.compress(sent), content_type=BYTES)
    late = Move.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        ask(word, "POST", "serving/")
    said = {"slug": "neuort", "version": arriving.version(), "token": "t", "key_name": "k" * 16}
    with pytest.raises(stages.Overtaken):
        arriving.offer(late, NUMBER, said)
    assert Row.objects.get(slug="neuort").state == "published"


def test_one_that_was_removed_before_it_answers_says_so(word: str, sent: bytes) -> None:
    offer(word)
    ask(word, "PUT", "rows/", gzip.compress(sent), content_type=BYTES)
    Row.objects.get(slug="neuort").domains.all().delete()
    Row.objects.filter(slug="neuort").delete()
    answer = ask(word, "POST", "serving/")
    assert "nicht mehr da" in answer.json()["errors"][0]["detail"]
    # So its former place hears that it may go on.
    assert ask(word, "GET").json()["stage"] == "called_off"


def test_what_arrived_for_a_move_that_is_over_does_not_stay(
    word: str, sent: bytes, sued: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(word)
    ask(word, "PUT", "rows/", gzip.compress(sent), content_type=BYTES)
    mend.run()
    assert Row.objects.filter(slug="neuort").exists()
    with monkeypatch.context() as away:
        away.setattr(removal, "take_back", lambda schema_name: None)
        assert ask(word, "DELETE").status_code == 204
    assert Row.objects.filter(slug="neuort").exists()
    mend.run()
    assert set(Row.objects.values_list("slug", flat=True)) == {"sued"}


def test_a_number_that_was_here_before_is_refused_in_words(word: str) -> None:
    offer(word)
    ask(word, "DELETE")
    second = arriving.expect("neuort", other=OTHER, actor=ACTOR)
    refused = offer(second)
    assert refused.status_code == 400
    assert "gab es hier schon" in refused.json()["errors"][0]["detail"]
