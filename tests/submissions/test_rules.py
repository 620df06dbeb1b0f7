"""What residents may type: the longest and the shortest that passes, and one more that does not."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from directory.ideas import rules as ideas
from wiq.submissions import fields, rules
from wiq.submissions.forms import SubmissionForm

BORDERS: dict[str, tuple[Callable[[str], str], str, str]] = {
    "a name of 120 letters": (rules.check_name, "x" * 120, "x" * 121),
    "a phone number of 5 digits": (rules.check_phone, "12345", "1234"),
    "a phone number of 20 digits": (rules.check_phone, "1" * 20, "1" * 21),
    "a phone number of 40 signs": (rules.check_phone, "12345" + "-" * 35, "12345" + "-" * 36),
    "an answer of 2 letters": (rules.check_answer, "Ja", "J"),
    "an answer of 5000 letters": (rules.check_answer, "x" * 5000, "x" * 5001),
    "a message of 10 letters": (rules.check_message, "x" * 10, "x" * 9 + " "),
    "a message of 5000 letters": (rules.check_message, "x" * 5000 + " ", "x" * 5001),
    "a note of 4000 letters": (rules.check_note, "x" * 4000, "x" * 4001),
    "a title of 120 letters": (ideas.check_title, "x" * 120, "x" * 121),
    "a place of 200 letters": (ideas.check_place, "x" * 200, "x" * 201),
    "an address of 254 letters": (
        rules.check_email,
        f"{'x' * 60}@{'y' * 60}.{'y' * 60}.{'y' * 63}.example",
        f"{'x' * 61}@{'y' * 60}.{'y' * 60}.{'y' * 63}.example",
    ),
}


@pytest.mark.parametrize("name", BORDERS)
def test_the_border_itself_passes_and_what_lies_behind_it_does_not(name: str) -> None:
    check, passes, fails = BORDERS[name]
    assert check(passes) == passes.strip()
    with pytest.raises(ValidationError):
        check(fails)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (rules.check_name, "Erika\x07"),
        (rules.check_name, "\ud800"),
        (ideas.check_place, "Kanal\nUfer"),
        (rules.check_message, "ein Ton \x07 darin"),
        (rules.check_message, "halb \ud800 lesbar"),
        (rules.check_email, "a@b.example\x00"),
        (rules.check_phone, "0341\n123456"),
        (rules.check_phone, "0341/123456 x"),
    ],
)
def test_what_no_keyboard_types_is_refused(check: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValidationError):
        check(text)


def test_a_message_has_one_kind_of_line_break(db: None) -> None:
    assert rules.check_message("eins\r\nzwei\rdrei\tvier") == "eins\nzwei\ndrei\tvier"


@pytest.mark.parametrize(("asked", "spoken"), [("de", "de"), ("en", "en"), ("fr", "de")])
def test_mails_are_german_where_we_do_not_speak_the_other_language(asked: str, spoken: str) -> None:
    assert rules.check_language(asked) == spoken


class SubmissionWithAddress(SubmissionForm):
    """Nothing but the two ways to answer."""

    email = fields.email_field()
    phone = fields.phone_field()


@pytest.mark.parametrize(
    ("email", "phone", "passes"),
    [("a@b.example", "", True), ("", "0341 123456", True), ("", "", False)],
)
def test_one_way_to_answer_is_enough(email: str, phone: str, passes: bool) -> None:
    sent = {"email": email, "phone": phone, "privacy_acknowledged": True}
    filled = SubmissionWithAddress(sent)
    assert filled.is_valid() is passes
    assert list(filled.errors) == ([] if passes else ["email"])
