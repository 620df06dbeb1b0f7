"""A district as a file: the shipped ones, the way out and back in, and files that are refused."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.people.consents import Consent
from directory.people.models import Person, Seat, Team
from directory.solutions import services as solutions
from directory.solutions.models import Picture, SolutionTeam
from tenants.districts.models import District as Row
from tenants.transfer import demo, file_format
from tenants.transfer.services import SEEDS
from tests.cast import ACTOR, District
from tests.isolation.canaries import picture
from tests.transfer.files import export, pictures_of, unpacked
from wiq.accounts.models import User
from wiq.declared import data_of
from wiq.media.storage import district_files
from wiq.outbox.models import Pointer

# What an import adds by itself.
OWN = {"audit.entry"}
# Mails hold links that open something: they leave with the secrets alone.
STAYS = OWN | {"mail.message"}


def rows(district: District) -> dict[str, list[Any]]:
    with district.inside():
        return {
            model._meta.label_lower: [
                {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields
                 if f.name not in {*data_of(model).secrets, "written_at"}}
                for row in model._default_manager.order_by("pk")
            ]
            for model in file_format.models_inside() if model._meta.label_lower not in STAYS
        }  # fmt: skip


def test_out_and_back_in_is_the_same_row_by_row_and_byte_by_byte(
    nord: District, out: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # which draw the smaller versions
        call_command("import_district", str(out), slug="nord-zwei")
    copy = District("nord-zwei")
    assert rows(copy) == rows(nord)
    assert pictures_of(copy) == pictures_of(nord) != {}
    Row.objects.filter(slug="nord-zwei").update(state="published")
    page = copy.client().get("/loesungsteams/?q=gruene").content.decode()
    assert "Grüne Bäume" in page
    # What is added afterwards goes on behind what came in; mails that waited stay where they were.
    with copy.inside():
        assert solutions.create_topic(actor=ACTOR, slug="neu", name="Neu").pk > 2
        assert Pointer.objects.filter(district_id=copy.row.pk).count() == 0
    files = [unpacked(export(district)) for district in (nord, copy)]
    for each in files:
        del each["manifest.json"], each["rows/audit.entry.jsonl"]
        each["district.json"] = each["district.json"].replace(b"nord-zwei", b"nord")
    with copy.inside():
        connection.cursor().execute("DELETE FROM solutions_topic WHERE slug = 'neu'")
    files[1] = unpacked(export(copy))
    for name in set(files[0]) - {"district.json"}:
        assert files[0][name] == files[1][name], name


def test_the_same_district_is_the_same_file(nord: District) -> None:
    first, second = unpacked(export(nord)), unpacked(export(nord))
    del first["rows/audit.entry.jsonl"], second["rows/audit.entry.jsonl"]
    del first["manifest.json"], second["manifest.json"]
    assert first == second


def test_a_line_break_of_another_kind_breaks_no_line(nord: District, tmp_path: Path) -> None:
    with nord.inside():
        Person.objects.filter(slug="ada").update(about="Erste Zeile\u2028zweite\u2029dritte\x85")
    target = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(target))
    call_command("import_district", str(target), slug="nord-zwei")
    with District("nord-zwei").inside():
        assert Person.objects.get(slug="ada").about == "Erste Zeile\nzweite\ndritte\n"


def test_what_was_shared_stands_in_the_catalogue_again(nord: District, tmp_path: Path) -> None:
    with nord.inside():
        team = SolutionTeam.objects.get(slug="baeume")
        team.is_shared = True
        solutions.save(team, actor=ACTOR)
    target = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(target))
    call_command("import_district", str(target), slug="nord-zwei")
    assert District("nord-zwei").row.shared_solutions.get().name == "Grüne Bäume Nordviertel"


def test_no_secret_leaves_unless_it_is_asked_for(nord: District, out: Path) -> None:
    nord.token()
    with nord.inside():
        hashes = list(User.objects.values_list("password", flat=True))
        secrets = [*hashes, ContactRequest.objects.get().token]
    plain = b"".join(unpacked(out.read_bytes()).values()).decode(errors="replace")
    assert not [word for word in secrets if word in plain]
    assert "knox" not in plain
    asked = b"".join(unpacked(export(nord, secrets=True)).values()).decode(errors="replace")
    assert all(word in asked for word in secrets)


def test_without_personal_data_nobody_is_in_it(nord: District, out: Path, tmp_path: Path) -> None:
    target = tmp_path / "ohne.zip"
    call_command("export_district", "nord", str(target), without_personal_data=True)
    words = b"".join(unpacked(target.read_bytes()).values()).decode(errors="replace")
    for name in ("Ada", "Ben Nord", "Erika", "@", "coordinator"):
        assert name not in words, name
    call_command("import_district", str(target), slug="nord-leer")
    with District("nord-leer").inside():
        assert SolutionTeam.objects.count() == 3
        assert not Person.objects.exists()
        assert not User.objects.exists()
        assert set(Seat.objects.values_list("state", flat=True)) == {"taken", "vacant"}


def test_the_coordination_takes_its_own_district_along(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    assert "Alles mitnehmen" in desk.get("/koordination/mitnehmen/").content.decode()
    for was, holds in (("alles", True), ("ohne", False)):
        answer = desk.post("/koordination/mitnehmen/", {"was": was})
        files = unpacked(b"".join(answer.streaming_content))
        assert ("rows/people.person.jsonl" in files) is holds
        words = "mit-personendaten" if holds else "ohne-personendaten"
        day = f"{timezone.localdate():%Y-%m-%d}"
        assert f'filename="nord-{day}-{words}.zip"' in answer["Content-Disposition"]
    assert nord.signed_in("editor").get("/koordination/mitnehmen/").status_code == 403


def test_a_picture_leaves_as_it_was_drawn_and_never_as_it_came(
    nord: District, tmp_path: Path
) -> None:
    target = tmp_path / "nord.zip"
    came = SimpleUploadedFile("baum.png", picture("Baumweg 7"))
    with nord.inside():
        row = Picture(solution_team=nord.solution_team(), alt="Ein Baum", image=came)
        name = solutions.save(row, actor=ACTOR).image.name
    desk = nord.signed_in("coordinator")
    for was in ("alles", "ohne"):
        page = desk.post("/koordination/mitnehmen/", {"was": was}).content.decode()
        assert "Einige Bilder werden noch vorbereitet." in page
    call_command("export_district", "nord", str(target), without_personal_data=True)
    files = unpacked(target.read_bytes())
    with nord.inside():
        assert files[f"files/{name}"] == district_files().read(name).content.read()
    assert b"Baumweg 7" not in files[f"files/{name}"]
    answer = desk.post("/koordination/mitnehmen/", {"was": "ohne"})
    assert f"files/{name}" in unpacked(b"".join(answer.streaming_content))


def test_the_same_file_twice_is_one_district(out: Path) -> None:
    for _again in range(2):
        call_command("import_district", str(out), slug="nord-zwei")
    assert Row.objects.filter(slug="nord-zwei").count() == 1
    with pytest.raises(CommandError, match="gibt es schon"):
        call_command("import_district", str(SEEDS / "leipziger-osten"), slug="nord-zwei")


def test_a_dry_run_keeps_nothing(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Row.objects.count(), set(Path(settings.MEDIA_ROOT).iterdir())
    call_command("import_district", str(out), slug="nord-zwei", dry_run=True, verbosity=2)
    said = capsys.readouterr()
    assert "can be imported" in said.out
    assert "people.person: 3 rows" in said.err
    assert (Row.objects.count(), set(Path(settings.MEDIA_ROOT).iterdir())) == before


def test_leipziger_westen_is_what_is_known_of_it(db: None) -> None:
    call_command("import_district", str(SEEDS / "leipziger-westen"), publish=True)
    west = District("leipziger-westen")
    assert (west.row.since, west.row.phone, west.row.is_demo) == (2020, "0177 - 26 79 408", True)
    assert west.row.operator.legal_name == "Stiftung „Ecken wecken“"
    assert west.row.operator.representative == ""
    assert west.row.solution_teams == 22
    with west.inside():
        assert set(Team.objects.values_list("abbreviation", flat=True)) == {"UT", "ST", "PT", "ÖA"}
        assert Seat.objects.filter(state="taken").count() == Seat.objects.count() == 8
        assert Person.objects.shown().count() == 3
        assert not Person.objects.exclude(quote="").exists()
        assert Consent.objects.to_be_asked_for().count() == 3
    page = west.client().get("/menschen/").content.decode()
    assert "Quentin Kügler" in page
    start = west.client().get("/").content.decode()
    assert "0177 - 26 79 408".replace(" ", "\N{NO-BREAK SPACE}") in start
    assert "Solidarische" in west.client().get("/loesungsteams/?q=recycling").content.decode()


def test_outside_a_demo_the_three_wait_to_be_asked(tmp_path: Path, db: None) -> None:
    folder = Path(shutil.copytree(SEEDS / "leipziger-westen", tmp_path / "folder"))
    data = json.loads((folder / "district.json").read_text())
    data["is_demo"] = False
    (folder / "district.json").write_text(json.dumps(data))
    call_command("import_district", str(folder), slug="westen-echt", publish=True)
    page = District("westen-echt").client().get("/menschen/").content.decode()
    assert "Quentin" not in page
    (folder / "link.json").symlink_to("/etc/passwd")
    with pytest.raises(CommandError, match="leads out"):
        call_command("import_district", str(folder), slug="westen-neu")


def test_the_demo_is_imported_once_and_both_districts_are_apart(db: None) -> None:
    assert [district.slug for district in demo.import_missing()] == list(demo.DISTRICTS)
    assert demo.import_missing() == []
    demo.set_up_accounts("ein Kennwort zum Probieren")
    demo.set_up_accounts("ein anderes Kennwort")
    assert User.objects.get(email="projektteam@wiq.example").check_password("ein anderes Kennwort")
    west, east = District("leipziger-westen"), District("leipziger-osten")
    with west.inside():
        assert {user.role for user in User.objects.all()} == {"coordinator", "editor"}
    with east.inside():
        assert not User.objects.exists()
    assert "Dohrn" not in east.client().get("/menschen/").content.decode()
    assert Row.objects.get(slug="leipziger-osten").operator == west.row.operator


def test_a_token_stands_alone_on_the_last_line(
    nord: District, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_api_token", "coordinator@nord.example", district="nord")
    token = capsys.readouterr().out.splitlines()[-1]
    client = nord.client(authorization=f"Bearer {token}")
    assert client.get("/api/v1/contact-requests/").status_code == 200
    with pytest.raises(CommandError, match="no account"):
        call_command("create_api_token", "coordinator@sued.example", district="nord")
    with pytest.raises(CommandError, match="no district"):
        call_command("create_api_token", "x@y.example", district="nirgends")
    call_command("create_api_token", "team@plattform.example", platform=True)
