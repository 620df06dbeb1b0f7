"""Links that were mailed before a district moved: they go with its key, and with nothing else."""

import json
from pathlib import Path

import pytest
from django.core import signing
from django.core.management import CommandError, call_command

from directory.contact import links
from directory.contact.models import ContactRequest
from tenants.districts import preview
from tests.cast import ACTOR, District, put
from tests.contact.codes import press
from tests.transfer.files import export, fill, packed, unpacked
from wiq.signing import keys


@pytest.fixture
def mailed(nord: District) -> str:
    """Return the path of a link that acts, from a mail of the old place."""
    fill(nord)
    with nord.inside():
        address = links.link(ContactRequest.objects.get(), "taken", 0)
    return address.removeprefix("http://nord.localhost:8000")


def moved(district: District, tmp_path: Path, *, secrets: bool) -> District:
    """Bring a district in under another name and schema, for everybody to see."""
    target = tmp_path / "moved.zip"
    target.write_bytes(export(district, secrets=secrets))
    call_command("import_district", str(target), slug="umgezogen")
    there = District("umgezogen")
    assert there.row.schema_name != district.row.schema_name
    put(there.row, "published")
    return there


def state(district: District) -> str:
    with district.inside():
        return ContactRequest.objects.get().state


def test_with_secrets_a_link_acts_in_the_new_place(
    nord: District, mailed: str, tmp_path: Path
) -> None:
    there = moved(nord, tmp_path, secrets=True)
    assert press(there, mailed).status_code == 200
    assert (state(there), state(nord)) == ("taken", "new")
    assert there.row.signing_key() == nord.row.signing_key()
    # Encrypted anew, not copied.
    assert there.row.link_key != nord.row.link_key


def test_without_secrets_the_new_place_has_a_key_of_its_own(
    nord: District, mailed: str, tmp_path: Path
) -> None:
    there = moved(nord, tmp_path, secrets=False)
    for posted in ({"was": "code"}, {"code": "123456"}):
        assert there.client().post(mailed, posted).status_code == 404
    assert state(there) == "new"
    assert there.row.signing_key() != nord.row.signing_key()


@pytest.mark.parametrize("secrets", [False, True])
def test_the_key_is_in_the_file_only_where_it_was_asked_for(nord: District, secrets: bool) -> None:
    told = json.loads(unpacked(export(nord, secrets=secrets))["district.json"])
    names = {"link_key", "preview_number"}
    assert told.keys() & names == (names if secrets else set())
    if secrets:
        assert bytes.fromhex(told["link_key"]) == nord.row.signing_key()


def test_a_link_of_before_districts_had_keys_stays_behind(
    nord: District, mailed: str, tmp_path: Path
) -> None:
    word = signing.dumps([1, "taken", 0], salt=f"wiq:{nord.row.schema_name}:contact.link")
    there = moved(nord, tmp_path, secrets=True)
    assert there.client().get(f"/kontakt/bearbeiten/{word}/").status_code == 404


def test_a_preview_link_that_was_ended_stays_so(nord: District, tmp_path: Path) -> None:
    with nord.inside():
        row = nord.row
        ended = preview.link(row).partition("8000")[2]
        preview.renew(row, actor=ACTOR)
        current = preview.link(row).partition("8000")[2]
    there = moved(nord, tmp_path, secrets=True)
    put(there.row, "hidden")
    assert there.client().get(ended).status_code == 410
    assert there.client().get(current).status_code == 302


def test_a_district_that_has_no_key_yet_is_taken_along_without_one(
    nord: District, tmp_path: Path
) -> None:
    type(nord.row).objects.filter(pk=nord.row.pk).update(link_key="")
    there = moved(nord, tmp_path, secrets=True)
    assert keys.opened(there.row.link_key) is not None


@pytest.mark.parametrize("forged", ["00", "xy" * 32, 7, ["00" * 32], None])
def test_what_is_no_key_is_refused(given: Path, tmp_path: Path, forged: object) -> None:
    files = unpacked(given.read_bytes())
    told = json.loads(files["district.json"]) | {"link_key": forged}
    files["district.json"] = json.dumps(told).encode()
    with pytest.raises(CommandError, match=r"^district\.json: "):
        call_command("import_district", str(packed(files, tmp_path / "x.zip")), slug="neu")
