"""The folder as PDF: by the rules of PDF/UA, in German, and nobody's typing is markup."""

import io
import subprocess
import sys
from datetime import date
from typing import Any

import page
import pytest
from pypdf import PdfReader, PdfWriter

from tenants.accountability import folder as folders
from tenants.accountability import pdf
from tenants.accountability.documents import short_mark
from tenants.accountability.models import SubProcessor, Version
from tenants.districts import services as districts
from tests.accountability.test_folder import CONTRACT, FOLDER, HOSTILE, run, sign
from tests.cast import ACTOR, District
from tests.house.test_layout import ROOT

__all__ = ["run"]
RED = b"1 0 0 rg"


def read(content: bytes) -> Any:
    return PdfReader(io.BytesIO(content))


def text_of(reader: Any) -> str:
    # A broken line is one line again.
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_contract_is_a_tagged_pdf_with_language_and_title(run: District) -> None:
    answer = run.signed_in("coordinator").get(f"{FOLDER}vertrag.pdf")
    assert answer["Content-Type"] == "application/pdf"
    reader = read(answer.content)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de-DE"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Vertrag zur Auftragsverarbeitung"
    assert "/StructTreeRoot" in root
    # ISO 14289-1, 5: the document says that it follows PDF/UA-1.
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert "keine Rechtsberatung" in text_of(reader)


def broken(made: bytes, rule: str) -> list[str]:
    """Return what the checker says of a copy of a PDF that breaks one rule."""
    writer = PdfWriter(io.BytesIO(made))
    root = writer.root_object
    if rule == "tags":
        del root["/StructTreeRoot"]
    elif rule == "language":
        del root["/Lang"]
    else:
        del root["/ViewerPreferences"]
    written = io.BytesIO()
    writer.write(written)
    return faults(written.getvalue())


def faults(made: bytes) -> list[str]:
    """Return the rules of PDF/UA-1 (ISO 14289-1, by veraPDF's corpus) that a PDF breaks."""
    report = page.validate_pdf_bytes(made, profile="ua1")
    assert report.rules.total > 100
    return [f"{one.rule_id}: {one.message}" for one in report.failures]


def test_all_documents_of_both_folders_keep_the_rules_of_pdf_ua(run: District) -> None:
    for folder in (folders.of_district(run.row), folders.of_platform()):
        assert faults(pdf.of_folder(folder)) == []
        for one in folders.sheets(folder):
            assert faults(pdf.of_sheet(folder, one)) == [], one.document.key


def test_the_folder_in_the_documentation_keeps_them_as_well() -> None:
    assert faults((ROOT / "docs" / "folder-leipziger-westen.pdf").read_bytes()) == []


@pytest.mark.parametrize("rule", ["tags", "language", "title"])
def test_a_pdf_that_breaks_a_rule_is_noticed(run: District, rule: str) -> None:
    folder = folders.of_district(run.row)
    made = pdf.of_sheet(folder, folders.sheet(folder, "massnahmen"))
    assert broken(made, rule)


def test_what_somebody_typed_is_never_typsts_markup() -> None:
    text = "<div><p>{}</p></div>"
    words = '#text(red)[x] #import "a.typ" $x$ *fett* @quelle &lt;marke&gt; = Titel kim_nord@verein.example'
    made = pdf.made(
        title=HOSTILE, author=HOSTILE, subject=HOSTILE, text=text.format(words),
        day=date(2026, 11, 2),
    )  # fmt: skip
    reader = read(made)
    said = text_of(reader)
    assert '#text(red)[x] #import "a.typ" $x$ *fett* @quelle <marke> = Titel' in said
    assert "kim_nord@verein.example" in said
    assert "#text(red)[x] $ @quelle" in reader.metadata.title
    assert RED not in b"".join(page.get_contents().get_data() for page in reader.pages)


def test_paper_shows_which_text_it_is_and_a_kept_version_keeps_its_mark(run: District) -> None:
    client = run.signed_in("coordinator")
    sign(run, CONTRACT)
    mark = short_mark(Version.objects.get().text)
    assert f"Prüfzeichen {mark}" in text_of(read(client.get(f"{FOLDER}vertrag.pdf").content))
    districts.update(run.row, actor=ACTOR, retention_months=9)
    now = text_of(read(client.get(f"{FOLDER}vertrag.pdf").content))
    assert f"Prüfzeichen {mark}" not in now
    kept = client.get(f"{FOLDER}vertrag/1.pdf").content
    assert f"Prüfzeichen {mark}" in text_of(read(kept))
    assert "Fassung 1" in text_of(read(kept))
    assert faults(kept) == []


def test_without_typst_there_is_no_link_and_no_pdf(
    run: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "is_there", lambda: False)
    client = run.signed_in("coordinator")
    assert "mappe.pdf" not in client.get(FOLDER).content.decode()
    assert client.get(f"{FOLDER}mappe.pdf").status_code == 404


@pytest.mark.thorough
def test_a_folder_of_a_thousand_rows_is_made_whole(run: District) -> None:
    SubProcessor.objects.bulk_create(
        SubProcessor(
            name=f"Firma {n}", address="Weg 1", purpose="Server", place="Leipzig",
            agreement_on=date(2026, 1, 2),
        )
        for n in range(1000)
    )  # fmt: skip
    reader = read(run.signed_in("coordinator").get(f"{FOLDER}mappe.pdf").content)
    assert len(reader.pages) > 50
    assert "Firma 999, Weg 1" in text_of(reader)


@pytest.mark.thorough
def test_typst_is_loaded_by_who_asks_for_a_pdf_and_by_nobody_else() -> None:
    code = "import sys, wiq.wsgi, wiq.celery_app; print('typst' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.stdout.split()[-1:] == ["False"], ran.stderr
    for name, has_it in (("base", False), ("prod", True), ("embedded", True)):
        locked = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert ("\ntypst==" in locked) is has_it, name
