"""What other servers report of our mails: that one came back (RFC 3464), a complaint (RFC 5965)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from wiq.inbound.reading import header
from wiq.outbox.failures import Failure, read_report

# "550 5.1.1 …", "550-5.1.1 …", "550 no such user" after "smtp;".
_SMTP = re.compile(r"\b([245]\d\d)[ -]\s*(.*)", re.DOTALL)
_QMAIL = re.compile(r"^Hi\. This is the qmail-send program", re.MULTILINE)
LONGEST = 4_000


@dataclass(frozen=True)
class Complaint:
    """Somebody called a mail of ours spam; ``held`` are the return paths that the report names."""

    kind: str
    held: str


def failure_in(mail: Message) -> Failure | None:
    """Return why a mail came back; None where a report says nothing of the kind.

    "delayed", "relayed" and "delivered" (RFC 3464, 2.3.3) change nothing: the server tries on.
    """
    failed = [block for block in _recipients(mail) if _word(block, "Action") == "failed"]
    if failed:
        return _read(failed[0])
    if any(True for _block in _recipients(mail)):
        return None
    return _of_qmail(mail)


def complaint_in(mail: Message) -> Complaint | None:
    """Return the complaint in a mail; None if it holds none.

    Only the kinds of RFC 5965, 7.3 that a person's click causes: not "auth-failure" or "not-spam".
    """
    fields = next(
        (part for part in mail.walk() if part.get_content_type() == "message/feedback-report"), None
    )
    if fields is None:
        return None
    said = fields.get_payload()
    # Python reads the fields as the header of a mail inside.
    text = str(said[0] if isinstance(said, list) and said else said)
    kind = re.search(r"^Feedback-Type:\s*([\w-]+)", text, re.MULTILINE | re.IGNORECASE)
    if kind is None or kind[1].lower() not in ("abuse", "fraud", "other"):
        return None
    whole = [text[:LONGEST]]
    for part in mail.walk():
        whole += [header(part, name) for name in ("Return-Path", "X-Original-Mail-From")]
        if part.get_content_type() == "text/rfc822-headers":
            whole.append(str(part.get_payload())[:LONGEST])
    return Complaint(kind[1].lower(), "\n".join(whole))


def _recipients(mail: Message) -> Iterator[Message]:
    """Return the blocks about recipients: all of a status but its first (RFC 3464, 2.1)."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, list):
                yield from (b for b in blocks if isinstance(b, Message) and "Action" in b)


def _word(block: Message, name: str) -> str:
    return header(block, name).partition(" ")[0].strip().lower()


def _read(block: Message) -> Failure:
    diagnostic = header(block, "Diagnostic-Code")[:LONGEST].partition(";")[2].strip()
    answer = _SMTP.match(diagnostic)
    code, words = (int(answer[1]), answer[2]) if answer else (0, diagnostic)
    # Gmail begins each line of an answer with its code anew.
    words = re.sub(rf"\s{code or 'x'}[ -](?:\d\.\d+\.\d+ )?", " ", words)
    return read_report(_word(block, "Status"), code, words)


def _of_qmail(mail: Message) -> Failure | None:
    """Read a return in qmail's form, which has no status (https://cr.yp.to/proto/qsbmf.txt)."""
    if mail.is_multipart():
        return None
    text = mail.get_payload(decode=True)
    said = text.decode(errors="replace")[:LONGEST] if isinstance(text, bytes) else ""
    if not _QMAIL.search(said):
        return None
    answer = re.search(r"\b([45]\d\d)[ -](.{0,200})", said, re.DOTALL)
    status = re.search(r"#([45]\.\d{1,3}\.\d{1,3})", said)
    if answer is None and status is None:
        return None
    code, words = (int(answer[1]), answer[2]) if answer else (0, said)
    return read_report(status[1] if status else "", code, words)
