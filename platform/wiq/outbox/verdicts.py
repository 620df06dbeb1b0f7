"""Whom a mail server's refusal is about. Only what is about the recipient ends a mail.

Sources (the addresses to read them again; only the Gmail page was looked at in November 2026):
- RFC 3463, 3.2–3.8: the enhanced codes. Subject 1 is an address, 2 a mailbox, 7 what the sender may
  do. Within subject 1, the details 7 and 8 are about the sender.
- RFC 5321, 4.2.3 and 4.5.4.1: the plain codes, and how long a mail is tried.
- RFC 7505, 4: 5.1.10, a domain that takes no mail.
- Gmail and Google Workspace: https://support.google.com/a/answer/3726730 (5.4.5 daily quota, 5.7.0
  relaying, 5.7.1 policy and limits, 4.2.1 also "Peak SMTP relay limit exceeded", 5.2.1 disabled).
- Microsoft 365: https://learn.microsoft.com/exchange/troubleshoot/email-delivery/ndr/ (5.1.1 and
  5.1.10 no such recipient; 5.1.8, 5.1.90 and 5.7.x are about the sender; 5.4.1 is either).
- Postfix: https://www.postfix.org/SMTPD_ACCESS_README.html (530, 554 5.7.1 relaying, 553 5.7.1
  sender not owned). qmail says "553 … (#5.7.1)" where it does not relay.
"""

import re
from enum import Enum


class Step(Enum):
    """Where in the conversation a server refused."""

    BEFORE = "before"  # greeting, TLS, sign-in
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"


class About(Enum):
    """Whom a failed try is about, and so what follows from it."""

    RECIPIENT = "recipient"  # the address can't be reached: final
    MAILBOX = "mailbox"  # this mailbox takes nothing for now: five days (RFC 5321, 4.5.4.1)
    LATER = "later"  # not now: at growing intervals, as long as it takes
    REFUSED = "refused"  # this mail, or all of ours: the next mail will say which
    SERVER = "server"  # no mail of ours would be taken
    LOST = "lost"  # there is nothing to send any more, or it can't be built: final


# What is final, and nothing else: an enhanced code, where it counts, and what says so.
FINAL: dict[str, tuple[tuple[Step, ...], str]] = {
    "5.1.1": ((Step.RCPT, Step.DATA), "no such mailbox: RFC 3463, 3.2; Gmail, Microsoft"),
    "5.1.2": ((Step.RCPT, Step.DATA), "no such domain: RFC 3463, 3.2; Gmail"),
    "5.1.3": ((Step.RCPT, Step.DATA), "no address: RFC 3463, 3.2; Gmail"),
    "5.1.6": ((Step.RCPT, Step.DATA), "moved, nobody knows where: RFC 3463, 3.2"),
    "5.1.10": ((Step.RCPT, Step.DATA), "the domain takes no mail: RFC 7505, 4; Microsoft"),
    "5.2.1": ((Step.RCPT,), "mailbox disabled: RFC 3463, 3.3; Gmail"),
}
# The same without an enhanced code, at RCPT alone (RFC 5321, 4.2.3: 550 no such mailbox, 551 not
# here). 553 is none of them: qmail says it where it does not relay for us.
FINAL_PLAIN = (550, 551)
# Words about us in answers whose code leaves it open (Exim, Gmail's 4.2.1, Microsoft's 5.4.1).
OF_US = re.compile(
    r"relay|authenti|sender|spam|block|black|policy|denied|limit|\brate\b|quota exceeded|reputation"
    r"|not allowed|not permitted|\bIP\b|\bSPF\b|\bDKIM\b|\bDMARC\b",
    re.IGNORECASE,
)
_ENHANCED = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}\b")
# The sender's address within subject 1 (RFC 3463, 3.2).
_OF_SENDER = (".1.7", ".1.8")


def enhanced(words: str) -> str:
    """Return the enhanced code with which an answer begins (RFC 2034); empty without one."""
    found = _ENHANCED.match(words)
    return found[0] if found else ""


def about(step: Step, code: int, words: str) -> About:
    """Tell whom an answer is about. ``words`` is what follows its code."""
    detail = enhanced(words)
    if code == 421 or step == Step.BEFORE:
        return About.SERVER
    if step == Step.MAIL:
        return _at_mail(code)
    if detail in FINAL and step in FINAL[detail][0] and not _of_us_at_mailbox(detail, words):
        return About.RECIPIENT
    if not detail and step == Step.RCPT and code in FINAL_PLAIN and not OF_US.search(words):
        return About.RECIPIENT
    # Full: "a persistent transient" condition (RFC 3463, 3.3), whatever words come with it.
    # "Mailbox is full / Blocks limit exceeded" (Postfix, Dovecot) is about no limit of ours.
    if detail[1:] == ".2.2":
        return About.MAILBOX
    if _is_of_mailbox(step, code, detail) and not OF_US.search(words):
        return About.MAILBOX
    return About.REFUSED if code >= 500 else About.LATER


def _at_mail(code: int) -> About:
    """Tell whom a refused sender is about: always us, and mostly every mail of ours.

    4xx and 552 may be about this mail: no room now, too large (RFC 1870, 6).
    """
    if code == 552:
        return About.REFUSED
    return About.LATER if code < 500 else About.SERVER


def _of_us_at_mailbox(detail: str, words: str) -> bool:
    """Tell whether a code about a mailbox comes with words about us, such as a rate."""
    return detail.startswith("5.2.") and bool(OF_US.search(words))


def _is_of_mailbox(step: Step, code: int, detail: str) -> bool:
    """Tell whether only this recipient's mailbox takes nothing for now."""
    if not detail:
        return step == Step.RCPT and 400 <= code < 500
    of_recipient = detail.startswith(("4.1.", "4.2.")) and not detail.endswith(_OF_SENDER)
    return of_recipient
