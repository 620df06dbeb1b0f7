"""Why a mail has not arrived is said in words, whatever the mail server answered."""

import smtplib

import pytest
from django.core.mail import BadHeaderError

from wiq.mail.refused import HELD
from wiq.outbox.failures import GoneError, read_failure, read_report
from wiq.outbox.words import MEANINGS, why

ERRORS = [
    (GoneError(), "Der Text der E-Mail ist nicht mehr da"),
    (
        smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"who?")}),
        "Der Mailserver nimmt für diese Adresse nichts an (SMTP 550)",
    ),
    (smtplib.SMTPServerDisconnected(), "Der Mailserver war nicht zu erreichen"),
    (smtplib.SMTPConnectError(421, b"busy"), "Der Mailserver war nicht zu erreichen"),
    (
        smtplib.SMTPAuthenticationError(535, b"no"),
        "Der Mailserver hat die Plattform nicht angemeldet (SMTP 535)",
    ),
    (smtplib.SMTPDataError(554, b"spam"), "Der Mailserver hat die E-Mail abgelehnt (SMTP 554)"),
    (
        smtplib.SMTPNotSupportedError(),
        "Der Mailserver kann etwas nicht, das die Plattform braucht",
    ),
    (TimeoutError(), "Der Mailserver war nicht zu erreichen"),
    (BadHeaderError(), "Diese E-Mail lässt sich nicht verschicken"),
]


@pytest.mark.parametrize(("error", "said"), ERRORS)
def test_a_failed_try_is_told_in_words(error: Exception, said: str) -> None:
    assert why(read_failure(error).reason) == said


def test_every_meaning_is_of_a_reason_that_there_is() -> None:
    reasons = [read_failure(error).reason for error, _said in ERRORS]
    reasons += [read_report("5.7.1", 0, "").reason, HELD, "the district is gone"]
    assert all(any(part in reason for reason in reasons) for part in MEANINGS)
    assert why("") == ""
