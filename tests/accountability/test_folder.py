"""The folder for the data protection officer: from the data, with what is missing, signed, kept."""

import re
from datetime import date

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from tenants.accountability import facts, night, services
from tenants.accountability import folder as folders
from tenants.accountability.documents import DOCUMENTS, short_mark
from tenants.accountability.measures import MEASURES
from tenants.accountability.models import Signature, SubProcessor, Version
from tenants.districts import moves
from tenants.districts import services as districts
from tenants.districts.models import Operator, PlatformOperator, State
from tests.cast import ACTOR, District, put
from tests.house.test_layout import ROOT
from wiq.tenancy import PUBLIC
from wiq.web.typography import bind

FOLDER = "/koordination/datenschutz/"
CONTRACT = f"{FOLDER}vertrag/"
WHOLE = {
    "legal_name": "Verein Plattform e. V.", "address": "Weg 2, 04103 Leipzig",
    "representative": "Robin Platt", "email": "plattform@verein.example",
    "phone": "0341 654321", "news_editor": "Robin Platt, Weg 2",
    "data_protection_officer": "Alex Schutz, 0341 999",
}  # fmt: skip
HOSTILE = 'Verein <b>&</b> #text(red)[x] $ @quelle \\ */ "Nord"'


@pytest.fixture
def run(nord: District) -> District:
    """Nord, with a Träger whose name tries to be markup, and a company behind the platform."""
    operator = districts.save_operator(
        Operator(
            legal_name=HOSTILE, address="Nordstraße 1\n04155 Leipzig", representative="Kim Nord",
            email="verein@nord.example", phone="0341 123456", news_editor="Kim Nord",
            publicly_funded=False,
        ),
        actor=ACTOR,
    )  # fmt: skip
    districts.update(
        nord.row, actor=ACTOR, operator=operator, accessibility_checked_on=date(2026, 11, 1)
    )
    SubProcessor.objects.create(
        name="Rechenzentrum Beispiel GmbH", address="Weg 1", purpose="Server", place="Falkenstein",
        agreement_on=date(2026, 1, 2),
    )  # fmt: skip
    return nord


def page(district: District, path: str = FOLDER) -> str:
    return district.signed_in("coordinator").get(path).content.decode()


def sign(district: District, path: str, **typed: str) -> int:
    client = district.signed_in("coordinator")
    shown = client.get(path).context["form"]["mark"].value()
    sent = {"signed_by": "Kim Nord, Vorstand", "signed_on": "2026-11-02", "mark": shown, **typed}
    return client.post(path, sent).status_code


def test_each_document_says_the_districts_own_data_and_no_markup_of_theirs(run: District) -> None:
    folder = folders.of_district(run.row)
    found = {one.document.key: one.text for one in folders.sheets(folder)}
    assert set(found) == {one.key for one in DOCUMENTS if one.in_districts}
    for key, text in found.items():
        assert "keine Rechtsberatung" in text, key
        assert "<b>" not in text, key
    assert "Nordstraße 1, 04155 Leipzig" in found["vertrag"]
    assert "Rechenzentrum Beispiel GmbH" in found["vertrag"]
    assert "6 Monate nachdem die Anfrage erledigt ist" in found["loeschkonzept"]
    assert bind("Art. 6 Abs. 1 Buchst. f") in found["verzeichnis"]
    assert "dzb lesen" not in found["barrierefreiheit"]
    districts.update(run.row, actor=ACTOR, retention_months=2)
    changed = folders.sheet(folders.of_district(run.row), "loeschkonzept").text
    assert "2 Monate nachdem die Anfrage erledigt ist" in changed


def test_a_public_body_has_other_grounds_and_whom_others_pay_names_who_watches(
    run: District,
) -> None:
    Operator.objects.update(publicly_funded=True)
    text = folders.sheet(folders.of_district(run.row), "barrierefreiheit").text
    assert "dzb lesen" in text
    Operator.objects.update(is_public_body=True, publicly_funded=None)
    text = folders.sheet(folders.of_district(run.row), "verzeichnis").text
    assert bind("Art. 6 Abs. 1 Buchst. e DSGVO mit § 3 Abs. 1 SächsDSDG") in text
    assert "Buchst. f" not in text


def text_of(district: District, key: str) -> str:
    return folders.sheet(folders.of_district(district.row), key).text


def test_whoever_visits_is_named_among_the_readers_and_nobody_where_all_read(run: District) -> None:
    rows = {row.key: row.readers for row in facts.of_district(run.row)["rows"]}
    assert facts.VISITS in rows["requests"]
    assert facts.VISITS in rows["log"]
    assert facts.VISITS not in rows["portraits"]
    assert "höchstens 4 Stunden" in text_of(run, "vertrag")


def test_what_nobody_answered_is_no_no(run: District) -> None:
    Operator.objects.update(publicly_funded=None)
    text = text_of(run, "barrierefreiheit")
    assert "noch nicht angegeben: ob eine öffentliche Stelle" in " ".join(text.split())
    assert "freiwillig" not in text


def test_a_public_body_is_sent_to_the_list_of_its_own_authority(run: District) -> None:
    assert "Liste der Datenschutzkonferenz" in text_of(run, "schwellwert")
    Operator.objects.update(is_public_body=True)
    text = text_of(run, "schwellwert")
    assert "Liste der Datenschutzkonferenz" not in text
    assert "Diese Mappe hat sie nicht geprüft" in text


def test_the_right_to_object_stands_apart_and_each_sheet_says_what_has_to_be_given(
    run: District,
) -> None:
    said = {
        "info-anfragen": "können wir Ihnen aber nicht antworten",
        "info-portraets": "Ohne Ihre Einwilligung",
        "info-konten": "kein Konto einrichten",
    }
    for key, words in said.items():
        text = " ".join(text_of(run, key).split())
        assert "<h2>Ihr Recht zu widersprechen</h2>" in text, key
        assert words in text, key
        # Art. 14 (2) f GDPR: only where somebody else may have given the data.
        assert ("Woher die Angaben stammen" in text) is (key == "info-portraets"), key


def test_each_measure_names_a_test_that_there_is() -> None:
    for one in MEASURES:
        file, _colons, name = one.shown_by.partition("::")
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert name and f"def {name}(" in source, one.shown_by


def test_the_web_server_that_comes_along_keeps_no_log_of_readers() -> None:
    """Caddy writes a log of requests only where ``log`` says so."""
    caddyfile = (ROOT / "platform" / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert not re.search(r"^\s*log\b", caddyfile, re.MULTILINE)


def test_what_is_missing_is_named_with_the_step_where_it_is_given(nord: District) -> None:
    shown = page(nord)
    assert "Träger des Quartiers" in shown
    assert "/koordination/leitfaden/traeger/" in shown
    assert "/koordination/leitfaden/koordination/" in shown
    assert "gibt das Projektteam der Plattform an" in shown


def test_a_signature_keeps_the_text_and_a_change_is_shown_and_kept(run: District) -> None:
    assert sign(run, CONTRACT) == 302
    assert run.row.processing_agreement_on == date(2026, 11, 2)
    assert "Seitdem hat sich nichts geändert" in page(run, CONTRACT)
    with run.inside():
        assert night.keep() == 0
    districts.update(run.row, actor=ACTOR, retention_months=9)
    shown = page(run, CONTRACT)
    assert "<del>" in shown
    assert "9 Monate nachdem" in shown
    with run.inside():
        assert night.keep() == 1
    assert [one.number for one in Version.objects.of(run.row.pk)] == [2, 1]
    assert "6 Monate nachdem" in Version.objects.get(number=1).text
    assert sign(run, CONTRACT) == 302
    assert [one.version.number for one in Signature.objects.all()] == [2, 1]
    assert services.forget_removed() == 0


def test_each_version_is_read_as_it_was_with_what_it_changed(run: District, sued: District) -> None:
    sign(run, CONTRACT)
    districts.update(run.row, actor=ACTOR, retention_months=9)
    with run.inside():
        night.keep()
    client = run.signed_in("coordinator")
    latest, first = Version.objects.of(run.row.pk)
    assert f"{CONTRACT}2/" in page(run, CONTRACT)
    assert f"{CONTRACT}1/" in page(run, CONTRACT)
    second = page(run, f"{CONTRACT}2/")
    assert "Diese Fassung hat niemand unterschrieben" in second
    assert "<del>" in second
    older = page(run, f"{CONTRACT}1/")
    assert "Unterschrieben: Kim Nord, Vorstand" in older
    assert "<del>" not in older
    assert short_mark(first.text) in older
    assert short_mark(first.text) != short_mark(latest.text)
    for number in (0, 3):
        assert client.get(f"{CONTRACT}{number}/").status_code == 404
        assert client.get(f"{CONTRACT}{number}.pdf").status_code == 404
    assert sued.signed_in("coordinator").get(f"{CONTRACT}1/").status_code == 404
    assert sued.signed_in("coordinator").get(f"{CONTRACT}1.pdf").status_code == 404


def test_on_a_phone_each_cell_says_what_it_is_and_typing_stays_typing(run: District) -> None:
    shown = page(run, f"{FOLDER}loeschkonzept/")
    assert '<td data-label="Frist">' in shown
    assert "<b>&amp;</b>" not in page(run, CONTRACT)
    assert "Verein &lt;b&gt;&amp;&lt;/b&gt; #text(red)[x]" in page(run, CONTRACT)


def test_a_shared_traeger_is_asked_for_what_is_open_and_no_is_an_answer(
    run: District, sued: District
) -> None:
    step = "/koordination/leitfaden/traeger/"
    asked = "operator-publicly_funded"
    districts.update(sued.row, actor=ACTOR, operator=run.row.operator)
    assert asked not in page(run, step)
    Operator.objects.update(publicly_funded=None)
    with schema_context(PUBLIC):
        type(run.row).objects.filter(pk=run.row.pk).update(passed_gate_at=None)
    assert asked in page(run, step)
    assert "Ob eine öffentliche Stelle" in [gap.words[:26] for gap in moves.gaps(run.row)]
    answer = run.signed_in("coordinator").post(step, {asked: "false", "was": "operator"})
    assert answer.status_code == 302
    assert run.row.operator.publicly_funded is False
    assert [gap for gap in moves.gaps(run.row) if "Stelle" in gap.words] == []


def test_what_is_written_at_the_console_is_asked_for_there(run: District) -> None:
    Operator.objects.update(runs_platform=True, publicly_funded=None)
    shown = page(run)
    assert "mehr als die Hälfte zahlt (gibt das Projektteam" in shown
    assert "/koordination/leitfaden/traeger/" not in shown


def test_what_was_signed_with_gaps_is_told_to_the_project_team(
    run: District, console: Client
) -> None:
    told = "mit Lücken unterschrieben"
    warned = "Unterschreiben Sie es besser erst"
    assert warned in page(run, CONTRACT)
    sign(run, CONTRACT)
    assert told in console.get("/plattform/datenschutz/").content.decode()
    districts.save_platform_operator(PlatformOperator(number=1, **WHOLE), actor=ACTOR)
    assert warned not in page(run, CONTRACT)
    sign(run, CONTRACT)
    assert told not in console.get("/plattform/datenschutz/").content.decode()


def test_signed_is_what_was_read_by_somebody_on_a_day_that_was(run: District) -> None:
    assert sign(run, CONTRACT, mark="0" * 64) == 422
    assert sign(run, CONTRACT, signed_on="2999-01-01") == 422
    assert sign(run, CONTRACT, signed_by="") == 422
    assert not Version.objects.exists()


@pytest.mark.parametrize(
    "typed", [{"signed_on": "0026-11-02"}, {"signed_by": "\x01\x02"}, {"signed_by": "\u2800\u2800"}]
)
def test_what_nobody_can_mean_is_said_beside_the_field(
    run: District, typed: dict[str, str]
) -> None:
    assert sign(run, CONTRACT, **typed) == 422
    assert not Signature.objects.exists()


def test_a_button_pressed_twice_is_one_signature(run: District) -> None:
    assert [sign(run, CONTRACT), sign(run, CONTRACT)] == [302, 302]
    assert Signature.objects.count() == 1
    assert sign(run, CONTRACT, signed_by="Alex Nord, Vorstand") == 302
    assert Signature.objects.count() == 2


def test_no_one_else_reads_a_folder(run: District, sued: District) -> None:
    sign(run, CONTRACT)
    assert run.client().get(FOLDER).status_code == 302
    assert run.signed_in("editor").get(CONTRACT).status_code == 403
    assert "Kim Nord" not in page(sued) + page(sued, CONTRACT)
    assert sued.signed_in("coordinator").get(f"{FOLDER}info-anmeldung/").status_code == 404


def test_the_gate_asks_for_it_before_the_first_time_and_not_again(run: District) -> None:
    def asked() -> bool:
        return any(gap.step == "datenschutz" for gap in moves.gaps(run.row))

    with schema_context(PUBLIC):
        type(run.row).objects.filter(pk=run.row.pk).update(passed_gate_at=None)
    assert asked()
    sign(run, CONTRACT)
    assert not asked()
    Signature.objects.all().delete()
    put(run.row, State.PUBLISHED)
    put(run.row, State.HIDDEN)
    assert not asked()


def test_the_project_team_sees_who_signed_which_version(run: District, console: Client) -> None:
    sign(run, CONTRACT)
    shown = console.get("/plattform/datenschutz/").content.decode()
    assert "Kim Nord, Vorstand" in shown
    assert "Fassung 1" in shown
    address = f"/plattform/datenschutz/quartier/{run.row.pk}/vertrag/"
    assert f"{address}1/" in shown
    theirs = console.get(f"{address}1/").content.decode()
    assert "Kim Nord, Vorstand" in theirs
    assert short_mark(Version.objects.get().text) in theirs
    assert console.get(f"{address}2/").status_code == 404
    assert console.get("/plattform/datenschutz/quartier/0/vertrag/1/").status_code == 404
    assert run.signed_in("coordinator").get(f"{address}1/").status_code == 404
    text = console.get("/plattform/datenschutz/verzeichnis-auftrag/").content.decode()
    assert "#text(red)[x]" in text
