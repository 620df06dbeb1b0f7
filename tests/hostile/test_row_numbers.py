"""Numbers of rows in forms and addresses: any digits are answered in words."""

import re
from pathlib import Path

import pytest

from directory.people.models import Team
from tests.cast import District
from tests.conversations.test_conversations import sent
from tests.house.test_layout import ROOT
from wiq.typed import row_number

# Python reads no number of more than 4300 digits, PostgreSQL none beyond a bigint as a key.
MANY = ("9" * 5_000, "9" * 30, "9" * 18, "٣", "²", "-1", "1.0", "")


def test_a_number_of_a_row_is_one_that_a_row_can_have() -> None:
    assert [row_number(text) for text in MANY] == [
        0, 0, 10**18 - 1, 0, 0, 0, 0, 0,
    ]  # fmt: skip
    assert row_number("42") == 42


@pytest.mark.parametrize("number", MANY)
def test_no_number_in_a_form_of_the_desk_breaks_it(nord: District, number: str) -> None:
    letter = f"/koordination/posteingang/{sent(nord).reference}/"
    desk = nord.signed_in("coordinator")
    posted = [
        (letter, {"was": "geben", "wer": number}),
        (letter, {"was": "wegwerfen", "mail": number}),
        (letter, {"was": "antworten", "text": "", "gelesen": number}),
        (f"{letter}entwurf/", {"text": "Gern", "gelesen": number}),
        (f"{letter}weitergeben/", {"was": "an-team", "ziel": f"team-{number}"}),
        (f"{letter}weitergeben/", {"was": "an-quartier", "quartier": number}),
        ("/koordination/posteingang/", {"was": "nehmen", "wahl": number}),
        ("/koordination/abwesend/", {"bis": "2099-01-01", "vertretung": number}),
        ("/koordination/webhooks/", {"was": "probe", "nummer": number}),
        ("/koordination/nachmachen/", {"nummer": number}),
        ("/koordination/people/membership/add/", {"team": number, "person": number}),
    ]
    for path, typed in posted:
        assert desk.post(path, typed).status_code < 500, path
    asked = [
        ("/koordination/posteingang/", {"wer": number, "seite": number}),
        ("/kontakt/", {"termin": number}),
        ("/termine/", {"seite": number, "jahr": number, "monat": number}),
    ]
    for path, query in asked:
        assert desk.get(path, query).status_code < 500, path
    with nord.inside():
        assert Team.objects.exists()


def test_nobody_reads_the_number_of_a_row_without_counting_its_digits() -> None:
    reads = re.compile(
        r"\bint\((\w+)\)[^\n]*\b\1\.(?:isdecimal|isdigit|isnumeric)\(\)(?![^\n]*len\()"
    )
    rooms = [
        path
        for room in ("api", "directory", "platform", "tenants")
        for path in Path(ROOT / room).rglob("*.py")
    ]
    found = [path.relative_to(ROOT).as_posix() for path in rooms if reads.search(path.read_text())]
    # Ports and lengths, which their own rules judge.
    assert found in ([], ["platform/wiq/metrics/switch.py"])
