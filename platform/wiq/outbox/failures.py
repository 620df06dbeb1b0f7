"""What a failed try means: the error of smtplib, read with the table of verdicts."""

import random
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from email.errors import HeaderParseError

from django.core.mail import BadHeaderError

from wiq.logs import redact
from wiq.outbox.times import REFUSED_CAP_SECONDS, UNREACHABLE_CAP_SECONDS
from wiq.outbox.verdicts import About, Step, about, enhanced

LONGEST_WORDS = 200
AWAY = "the mail server is away"


class GoneError(Exception):
    """The pointer's mail no longer exists (its district was restored or removed)."""


@dataclass(frozen=True)
class Failure:
    """Why a try failed, and whom that is about.

    ``reason`` holds no personal data: the status code, not the server's text. ``words`` is that
    text without addresses, for whoever runs the platform.
    """

    reason: str
    about: About
    words: str = ""

    @property
    def permanent(self) -> bool:
        """Whether no further try can help."""
        return self.about in (About.RECIPIENT, About.LOST)

    @property
    def unreachable(self) -> bool:
        """Whether no mail of ours would be taken."""
        return self.about == About.SERVER

    @property
    def ends_after_days(self) -> bool:
        """Whether the mail is given up once it was tried for days: a mailbox's own trouble."""
        return self.permanent or self.about == About.MAILBOX


def read_failure(error: Exception) -> Failure:
    """Read what a try raised: whom it is about, and a reason without personal data."""
    if isinstance(error, GoneError):
        return Failure("the mail is gone", About.LOST)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # Each of our mails has one recipient.
        code, text = next(iter(error.recipients.values()), (550, b""))
        return _answer(Step.RCPT, code, text, ": recipient refused")
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _answer(Step.MAIL, error.smtp_code, error.smtp_error, ": sender refused")
    if isinstance(error, smtplib.SMTPDataError):
        return _answer(Step.DATA, error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPConnectError):
        return Failure("the mail server hung up", About.SERVER, _words(error.args))
    if isinstance(error, smtplib.SMTPResponseException):
        # Our configuration is wrong, not the mail, so the mail waits.
        return _answer(Step.BEFORE, error.smtp_code, error.smtp_error, ": sign-in refused")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Failure("the mail server hung up", About.SERVER, _words(error.args))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        # Without SMTPUTF8 (RFC 6531) a server takes all mails but those to such an address.
        of_this = "internationalized" in str(error)
        verdict = About.REFUSED if of_this else About.SERVER
        return Failure("the mail server lacks a feature", verdict, _words(error.args))
    if isinstance(error, OSError):
        kind = type(error).__name__
        return Failure(f"{AWAY} ({kind})", About.SERVER, _words((error,)))
    # A mail that can't be built never will be; any other error may be temporary.
    never = isinstance(error, UnicodeError | BadHeaderError | HeaderParseError)
    reason = f"the mail can't be sent ({type(error).__name__})"
    return Failure(reason, About.LOST if never else About.LATER)


def read_report(status: str, code: int, words: str) -> Failure:
    """Read what a server reported of a mail later on (RFC 3464, 2.3.4 and 2.3.6).

    ``status`` is its enhanced code, ``code`` and ``words`` what the recipient's server answered,
    0 where it said nothing. A report does not tell the step: mostly it was RCPT.
    """
    said = _words((words,))
    if not enhanced(said) and not status.endswith(".0.0"):
        said = f"{status} {said}".strip()
    if not code:
        code = 450 if status.startswith("4") else 550
    verdict = about(Step.RCPT, code, said)
    what = ": recipient refused later" if verdict == About.RECIPIENT else ": came back"
    detail = enhanced(said)
    reason = f"SMTP {code}{f' {detail}' if detail else ''}{what}"
    return Failure(reason, verdict, f"{code} {said}".strip())


def _answer(step: Step, code: int, text: bytes | str, what: str = "") -> Failure:
    """Read a server's answer at a step of the conversation."""
    said = _words((text,))
    verdict = about(step, code, said)
    if what == ": recipient refused" and verdict not in (About.RECIPIENT, About.MAILBOX):
        what = ": relaying refused"
    detail = enhanced(said)
    return Failure(
        f"SMTP {code}{f' {detail}' if detail else ''}{what}", verdict, f"{code} {said}".strip()
    )


def _words(said: Iterable[object]) -> str:
    """Return what a server said as one line without addresses."""
    texts = (one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in said)
    return redact(" ".join(" ".join(texts).split()))[:LONGEST_WORDS]


def delay_after(attempts: int, failure: Failure) -> timedelta:
    """Return how long to wait after this many tries: doubled each time, capped, with jitter."""
    cap = UNREACHABLE_CAP_SECONDS if failure.unreachable else REFUSED_CAP_SECONDS
    seconds = min(cap, 5 * 2 ** min(attempts - 1, 20))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.0))  # noqa: S311 (spreads load)
