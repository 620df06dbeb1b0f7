"""What is in a district's file: all of it, all but what is personal, and never what opens doors."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from directory.following.services import subscribe
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tenants.districts import services as districts
from tenants.districts.models import Operator
from tenants.visits import support
from tests.audited import details, said
from tests.cast import ACTOR, District, body, idea_form
from tests.transfer.files import export, unpacked
from wiq.accounts.models import User

FILES = {"portraits/a.jpg", "videos/0123456789abcdef01234567.mp4", "district/l.png"}


def give_operator(district: District) -> Operator:
    operator = Operator(
        legal_name="Verein Nord", address="Nordweg 1", representative="Kim Nord",
        email="kim@nord.example", phone="0341 5", news_editor="Kim Nord",
        data_protection_officer="Kim Nord",
    )  # fmt: skip
    districts.save_operator(operator, actor=ACTOR)
    districts.update(district.row, actor=ACTOR, operator=operator)
    return operator


@pytest.fixture
def full(nord: District) -> Iterator[District]:
    """Nord with something of everybody: a request, an idea, a follower, a visitor, pictures."""
    client = nord.client(**{"idempotency-key": "genau-ein-mal"})
    client.post("/api/v1/contact-requests/", body(), content_type="application/json")
    nord.client().post("/idee/", idea_form())
    support.open_visit(nord.row, reason="Hilfe", minutes=30, actor=ACTOR)
    nord.token()
    with nord.inside():
        subscribe(email="folgt@nord.example", solution_team=None, language="de")
        team = SolutionTeam.objects.get(slug="baeume")
        solutions.set_state(team, "paused", actor="Kim Nord", reason="Winter")
        user = User.objects.get(email="editor@nord.example")
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        for name in FILES:
            default_storage.save(name, ContentFile(b"x"))
    give_operator(nord)
    yield nord
    with nord.inside():
        for name in FILES:  # no transaction takes them back, and others export Nord as well
            default_storage.delete(name)


def exported(district: District, **contents: bool) -> dict[str, bytes]:
    return unpacked(export(district, **contents))


def rows(files: dict[str, bytes], label: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"rows/{label}.jsonl"].splitlines()]


def labels(files: dict[str, bytes]) -> set[str]:
    return {name[5:-6] for name in files if name.startswith("rows/")}


def test_without_personal_data_only_what_names_nobody_is_in_it(full: District) -> None:
    files = exported(full, personal_data=False)
    assert labels(files) == {
        *("events.event", "events.occurrence"),
        *("pages.text", "people.seat", "people.team", "solutions.picture"),
        *("solutions.solutionteam", "solutions.solutionteam_topics"),
        *("solutions.statechange", "solutions.synonyms", "solutions.topic", "solutions.update"),
    }
    assert {name for name in files if name.startswith("files/")} == {"files/district/l.png"}
    assert {row["changed_by"] for row in rows(files, "solutions.statechange")} == {""}
    for label in ("people.team", "solutions.solutionteam"):
        assert {row["contact_email"] for row in rows(files, label)} == {""}
    seats = {(row["person_id"], row["state"]) for row in rows(files, "people.seat")}
    assert seats == {(None, "taken"), (None, "vacant")}
    operator = json.loads(files["district.json"])["operator"]
    assert (operator["legal_name"], operator["address"]) == ("Verein Nord", "Nordweg 1")
    for word in (b"Kim", b"kim@", b"0341"):
        assert word not in files["district.json"]


def test_with_personal_data_everybody_is_in_it_but_a_visitor(full: District) -> None:
    files = exported(full)
    assert {f"files/{name}" for name in FILES} == {n for n in files if n.startswith("files/")}
    emails = {row["email"] for row in rows(files, "accounts.user")}
    assert emails == {"coordinator@nord.example", "editor@nord.example"}
    assert {row["email"] for row in rows(files, "following.subscription")} == {"folgt@nord.example"}
    assert json.loads(files["district.json"])["operator"]["representative"] == "Kim Nord"


@pytest.mark.parametrize("secrets", [False, True])
def test_what_opens_doors_is_in_it_only_where_it_was_asked_for(
    full: District, secrets: bool
) -> None:
    files = exported(full, secrets=secrets)
    assert ("mail.message" in labels(files)) is secrets
    for label, names in (
        ("accounts.user", ("password", "handover")),
        ("contact.contactrequest", ("token", "idempotency_key", "idempotency_digest")),
        ("ideas.idea", ("token", "idempotency_key", "idempotency_digest")),
        ("following.subscription", ("token",)),
    ):
        for row in rows(files, label):
            assert {name: name in row for name in names} == dict.fromkeys(names, secrets)
    never = {"sessions.session", "knox.authtoken", "mfa.authenticator", "contact.mailboxproof"}
    assert not never & labels(files)


def test_both_logs_say_who_took_a_district_along_and_how_much(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    answer = desk.post("/koordination/mitnehmen/", {"was": "ohne"})
    assert "no-store" in answer["Cache-Control"]
    b"".join(answer.streaming_content)
    how_much = {"personal_data": False, "secrets": False}
    # The platform's log names nobody of a district.
    assert said("district.exported") == [("district.exported", "coordination")]
    assert details("district.exported") == [how_much]
    with nord.inside():
        assert said("district.exported") == [("district.exported", "coordinator@nord.example")]
        assert details("district.exported") == [how_much]


def test_a_file_on_the_disk_is_for_its_owner_alone(out: Path) -> None:
    assert out.stat().st_mode & 0o777 == 0o600
    assert list(out.parent.iterdir()) == [out]


def test_a_traeger_is_known_by_all_of_its_data_and_not_by_its_name(
    nord: District, tmp_path: Path
) -> None:
    known = give_operator(nord)
    for slug, personal_data in (("nord-ganz", True), ("nord-ohne", False)):
        target = tmp_path / f"{slug}.zip"
        target.write_bytes(export(nord, personal_data=personal_data))
        call_command("import_district", str(target), slug=slug)
    assert District("nord-ganz").row.operator == known
    other = District("nord-ohne").row.operator
    assert (other.legal_name, other.representative, other == known) == ("Verein Nord", "", False)


def test_what_comes_in_is_a_draft_and_recorded_in_both_logs(nord: District, out: Path) -> None:
    before = len(said("district."))
    call_command("import_district", str(out), slug="nord-zwei")
    assert District("nord-zwei").row.state == "draft"
    assert said("district.")[before:] == [("district.created", "import")]
    with District("nord-zwei").inside():
        assert said("district.imported") == [("district.imported", "import")]
