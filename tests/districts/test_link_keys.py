"""The key that a district's links are signed with: its own, kept encrypted, made when it is missing."""

import secrets
from typing import Any

import pytest
from django.core import signing
from django.core.signing import BadSignature
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django_tenants.utils import schema_context

from tenants.districts import lookup, services
from tenants.districts.models import District as Row
from tests.cast import District
from wiq.page_cache import plain
from wiq.signing import keys, words


def sign(district: District) -> str:
    with district.inside():
        return words.sign("a", 7)


def opens(district: District, word: str) -> bool:
    with district.inside():
        try:
            return bool(words.unsign("a", word, days=1) == 7)
        except BadSignature:
            return False


def without_a_key(district: District) -> None:
    """As a version leaves it that knows of no keys."""
    Row.objects.filter(pk=district.row.pk).update(link_key="")


def test_every_district_has_a_key_of_its_own(nord: District, sued: District) -> None:
    made = [keys.opened(district.row.link_key) for district in (nord, sued)]
    assert [len(key or b"") for key in made] == [32, 32]
    assert made[0] != made[1]


def test_neither_database_nor_cache_holds_it_in_the_clear(nord: District) -> None:
    key = nord.row.signing_key()
    lookup.find(nord.host)
    [kept] = [(text or "").encode() for text in plain.read([f"district:{nord.host}"])]
    assert nord.row.link_key.encode() in kept
    for shown in (key, key.hex().encode()):
        assert shown not in kept + nord.row.link_key.encode()


def test_what_somebody_signs_with_the_platforms_secret_is_not_the_districts(
    nord: District,
) -> None:
    assert opens(nord, sign(nord))
    assert not opens(nord, signing.dumps(7, salt="wiq:a"))


def test_a_word_of_before_districts_had_keys_opens_here_and_nowhere_else(
    nord: District, sued: District
) -> None:
    word = signing.dumps(7, salt=f"wiq:{nord.row.schema_name}:a")
    assert (opens(nord, word), opens(sued, word)) == (True, False)
    without_a_key(nord)
    assert opens(nord, word)


def test_a_district_without_a_key_gets_one_when_it_first_signs(nord: District) -> None:
    without_a_key(nord)
    assert not opens(nord, signing.dumps(7, key=b"", salt="wiq:a"))
    assert nord.row.link_key == ""
    assert opens(nord, sign(nord))
    assert keys.opened(nord.row.link_key) is not None


def test_a_row_from_the_cache_does_not_need_to_know_of_the_key(nord: District) -> None:
    without_a_key(nord)
    older = nord.row
    key = nord.row.signing_key()
    assert older.known_key() == older.signing_key() == key


def test_two_that_first_sign_at_once_sign_with_the_same_key(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_a_key(nord)
    second, first = nord.row, nord.row.signing_key()
    # What the second saw before the first was done; then the column as it is.
    seen = iter(["", nord.row.link_key])
    monkeypatch.setattr(second, "_kept_key", lambda: next(seen))
    assert second.signing_key() == first == nord.row.signing_key()


def test_a_key_that_was_not_kept_is_used_no_more(nord: District) -> None:
    without_a_key(nord)
    row = nord.row
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        row.signing_key()
        _ = 1 / 0
    assert row.signing_key() == nord.row.known_key()


def test_a_key_that_somebody_changed_in_the_database_is_none(nord: District) -> None:
    kept = nord.row.link_key
    middle = len(kept) // 2
    other = "A" if kept[middle] != "A" else "B"
    assert keys.opened(kept[:middle] + other + kept[middle + 1 :]) is None


def test_another_secret_ends_all_links_and_not_what_writes_new_ones(
    nord: District, settings: Any
) -> None:
    before = sign(nord)
    settings.SECRET_KEY = secrets.token_hex(32)
    assert not opens(nord, before)
    assert opens(nord, sign(nord))
    assert not opens(nord, before)


def test_a_secret_that_is_kept_beside_the_new_one_still_opens_all(
    nord: District, settings: Any
) -> None:
    before = sign(nord)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = secrets.token_hex(32)
    assert opens(nord, before)
    assert opens(nord, sign(nord))


def test_a_change_of_the_secret_that_is_done_needs_the_old_one_no_more(
    nord: District, sued: District, platform: Client, settings: Any
) -> None:
    before, invitation = sign(nord), words.sign("a", 7)
    other = sign(sued)
    browser = nord.signed_in("coordinator")
    first, settings.SECRET_KEY = settings.SECRET_KEY, secrets.token_hex(32)
    settings.SECRET_KEY_FALLBACKS = [first]
    assert services.relock_keys() == 2
    assert services.relock_keys() == 0
    # With both: links of districts and of the platform, and who is signed in stays so.
    assert opens(nord, before)
    assert opens(sued, other)
    assert words.unsign("a", invitation, days=1) == 7
    assert browser.get("/koordination/").status_code == 200
    # Without the former one: what districts signed goes on, what the platform signed ends.
    settings.SECRET_KEY_FALLBACKS = []
    assert opens(nord, before)
    assert opens(sued, other)
    with pytest.raises(BadSignature):
        words.unsign("a", invitation, days=1)


def test_a_key_that_no_known_secret_opens_is_left_alone(nord: District, settings: Any) -> None:
    kept = nord.row.link_key
    settings.SECRET_KEY = secrets.token_hex(32)
    assert services.relock_keys() == 0
    assert nord.row.link_key == kept


def test_a_district_reads_its_own_key_alone_and_changes_none(
    nord: District, sued: District
) -> None:
    here = nord.row
    with nord.inside():
        assert list(Row.objects.values_list("link_key", flat=True)) == [here.link_key]
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Row.objects.update(link_key="")
    assert sued.row.link_key != ""


def test_nothing_is_signed_in_a_schema_whose_district_is_not_known(nord: District) -> None:
    with (
        schema_context(nord.row.schema_name),
        pytest.raises(RuntimeError, match="without its district"),
    ):
        words.sign("a", 7)


def test_the_platform_signs_with_its_secret_as_before(platform: Any) -> None:
    assert connection.schema_name == "public"  # type: ignore[attr-defined]
    assert words.unsign("a", signing.dumps(7, salt="wiq:public:a"), days=1) == 7
    assert signing.loads(words.sign("a", 7), salt="wiq:public:a") == 7
