"""Who runs the platform is said at the console alone: by no file and no guide of a district."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tenants.districts import services as districts
from tenants.districts.models import Operator, PlatformOperator
from tenants.districts.moves import gaps
from tests.audited import said
from tests.cast import ACTOR, District
from tests.desk.test_guide import GUIDE, LEGAL
from tests.desk.test_guide_forms import KNOWN
from tests.transfer.files import export, packed, unpacked

PAGE = "/plattform/districts/platformoperator/"
RUNS = {"legal_name": "Stiftung Plattform", "email": "post@stiftung-plattform.example"}


@pytest.fixture
def runs() -> PlatformOperator:
    """Somebody runs the platform."""
    return districts.save_platform_operator(PlatformOperator(**RUNS), actor=ACTOR)


def shown(platform: Client) -> str:
    return str(platform.get("/impressum/").content.decode())


def brought(district: District, folder: Path, **operator: Any) -> District:
    """Bring a district in from a file whose Träger says this of itself."""
    files = unpacked(export(district))
    row = json.loads(files["district.json"])
    row["operator"] = operator
    files["district.json"] = json.dumps(row).encode()
    call_command("import_district", str(packed(files, folder / "neu.zip")), slug="neu")
    return District("neu")


def test_a_file_does_not_say_that_its_traeger_runs_the_platform(
    nord: District, platform: Client, tmp_path: Path, runs: PlatformOperator
) -> None:
    new = brought(nord, tmp_path, **KNOWN, runs_platform=True)
    assert new.row.operator.legal_name == "Stadt Nord"
    assert not new.row.operator.runs_platform
    assert "Stadt Nord" not in shown(platform)
    assert "Stiftung Plattform" in shown(platform)
    with new.inside():
        assert "Vertrag zur Auftragsverarbeitung, unterschrieben und eingetragen" in [
            gap.words for gap in gaps(new.row)
        ]


def test_nor_is_a_district_that_names_the_same_organisation_free_of_a_contract(
    nord: District, tmp_path: Path
) -> None:
    theirs = districts.save_operator(Operator(**KNOWN, runs_platform=True), actor=ACTOR)
    new = brought(nord, tmp_path, **KNOWN)
    assert new.row.operator != theirs
    assert not new.row.operator.runs_platform


def test_no_file_says_who_runs_the_platform_it_comes_from(nord: District) -> None:
    theirs = districts.save_operator(Operator(**KNOWN, runs_platform=True), actor=ACTOR)
    districts.update(nord.row, actor=ACTOR, operator=theirs)
    written = json.loads(unpacked(export(nord))["district.json"])["operator"]
    assert written == KNOWN | {
        "is_public_body": False, "register_entry": "", "vat_id": "",
    }  # fmt: skip


@pytest.mark.parametrize("lacks", ["", "phone"])
def test_the_guide_shows_a_traeger_that_runs_the_platform_and_does_not_write_it(
    nord: District, lacks: str
) -> None:
    """Not even what is missing: that would be a stranger's word about the project team."""
    known = KNOWN | {"runs_platform": True} | ({lacks: ""} if lacks else {})
    theirs = districts.save_operator(Operator(**known), actor=ACTOR)
    districts.update(nord.row, actor=ACTOR, operator=theirs)
    desk = nord.signed_in("coordinator")
    page = desk.get(f"{GUIDE}traeger/").content.decode()
    assert "Ihr Träger, Stadt Nord, betreibt auch die Plattform." in page
    assert "operator-phone" not in page
    typed = {f"operator-{name}": "Fremd" for name in KNOWN} | {"operator-phone": "0341 9"}
    for which in ("alles", "operator"):
        desk.post(f"{GUIDE}traeger/", LEGAL | typed | {"was": which})
    kept = Operator.objects.get(pk=theirs.pk)
    assert (kept.legal_name, kept.phone) == ("Stadt Nord", known["phone"])


def test_what_the_guide_writes_never_runs_the_platform(nord: District, platform: Client) -> None:
    desk = nord.signed_in("coordinator")
    typed = {f"operator-{name}": value for name, value in KNOWN.items()}
    sent = LEGAL | typed | {"operator-runs_platform": "on", "was": "alles"}
    assert desk.post(f"{GUIDE}traeger/", sent).status_code == 302
    assert nord.row.operator.legal_name == "Stadt Nord"
    assert not nord.row.operator.runs_platform
    assert "Stadt Nord" not in shown(platform)


def test_services_refuse_a_district_whatever_page_asks_them(nord: District, sued: District) -> None:
    theirs = districts.save_operator(Operator(**KNOWN, runs_platform=True), actor=ACTOR)
    districts.update(nord.row, actor=ACTOR, operator=theirs)
    with pytest.raises(ValidationError, match="ändert das Projektteam"):
        districts.save_own_operator(theirs, district=nord.row, actor=ACTOR)
    with pytest.raises(ValidationError, match="ändert das Projektteam"):
        districts.complete_operator(theirs, actor=ACTOR, vat_id="DE1")
    with pytest.raises(ValidationError, match="ändert das Projektteam"):
        districts.save_own_operator(theirs, district=sued.row, actor=ACTOR)
    own = Operator(**KNOWN | {"legal_name": "Verein Süd"}, runs_platform=True)
    assert not districts.save_own_operator(own, district=sued.row, actor=ACTOR).runs_platform
    assert sued.row.operator == own


def test_it_is_one_row_that_the_console_writes(console: Client, nord: District) -> None:
    sent = {**RUNS, "address": "Weg 1", "is_public_body": "", "number": "2"}
    assert console.post(f"{PAGE}add/", sent).status_code == 302
    assert "Stiftung Plattform" in str(console.get("/impressum/").content.decode())
    assert console.get(f"{PAGE}add/").status_code == 403
    assert console.post(f"{PAGE}1/delete/", {"post": "yes"}).status_code == 403
    assert PlatformOperator.objects.get().number == 1
    assert said("platformoperator.")[-1][0] == "platformoperator.saved"
    page = str(console.get("/plattform/audit/entry/").content.decode())
    assert "hat die Angaben zum Träger der Plattform gespeichert" in page


def test_a_districts_own_sql_reads_the_row_and_writes_it_not(
    nord: District, runs: PlatformOperator
) -> None:
    with nord.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT legal_name FROM public.districts_platformoperator")
        assert cursor.fetchall() == [("Stiftung Plattform",)]
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("UPDATE public.districts_platformoperator SET legal_name = 'Fremd'")


def test_an_older_platform_goes_on_showing_what_it_showed(platform: Client) -> None:
    migration = import_module("tenants.districts.migrations.0015_platform_operator")
    migration.copy_whoever_runs_the_platform(apps, None)
    assert not PlatformOperator.objects.exists()
    districts.save_operator(Operator(**KNOWN), actor=ACTOR)
    for name in ("Die Erste", "Die Zweite"):
        districts.save_operator(
            Operator(**KNOWN | {"legal_name": name}, runs_platform=True), actor=ACTOR
        )
    migration.copy_whoever_runs_the_platform(apps, None)
    assert PlatformOperator.objects.get().legal_name == "Die Erste"
    assert PlatformOperator.objects.get().news_editor == KNOWN["news_editor"]
