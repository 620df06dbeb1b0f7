"""What comes in about mails of ours: returned ones, and complaints."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from wiq.inbound.mailboxes import Incoming, Mailbox, Outcome, address, mailboxes
from wiq.mail import reports, return_paths, returned

COMPLAINTS = "beschwerde"


def complaints_address() -> str:
    """Return the address to register with providers' feedback loops (docs/howto/mail.md)."""
    return address(COMPLAINTS, _complaints_token(settings.SECRET_KEY))


def _complaints_token(key: str) -> str:
    found = salted_hmac("wiq.mail.complaints", "", secret=key, algorithm="sha256")
    return str(found.hexdigest())[:20]


def take_back(mail: Incoming, token: str) -> Outcome:
    """Read a mail to the return path of one of ours."""
    failure = reports.failure_in(mail.raw)
    if failure is None:
        return Outcome.IGNORED
    return Outcome.BOUNCE if returned.take_back(token, failure) else Outcome.IGNORED


def complain(mail: Incoming, token: str) -> Outcome:
    """Read a report of a feedback loop. Each names one mail, by the return path it had."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(constant_time_compare(token, _complaints_token(key)) for key in keys):
        return Outcome.IGNORED
    complaint = reports.complaint_in(mail.raw)
    if complaint is None or not returned.note_complaint(complaint.held):
        return Outcome.IGNORED
    return Outcome.BOUNCE


mailboxes.register(Mailbox(return_paths.PREFIX, take_back, machines_write=True))
mailboxes.register(Mailbox(COMPLAINTS, complain, machines_write=True))
