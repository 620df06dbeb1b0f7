"""The conversation with the mail server: what it offered in its EHLO is used, and nothing else.

8BITMIME (RFC 6152): letters beyond ASCII as they are, else every part in base64. SMTPUTF8
(RFC 6531): addresses with such letters before the @, else no mail goes there.
"""

import smtplib
from contextlib import suppress
from email import message_from_bytes, policy
from email.header import Header
from email.utils import parseaddr
from typing import Any, cast

from django.core.mail import EmailMessage as Written
from django.core.mail.backends.smtp import EmailBackend
from django_redis import get_redis_connection
from redis.exceptions import RedisError

OFFER = "wiq-relay:smtputf8"
# What a server that knows no such addresses would say of one (RFC 3463, 3.2).
NO_WAY = (550, b"5.1.3 the mail server offers no SMTPUTF8")


def takes_every_letter() -> bool:
    """Tell whether the mail server offered SMTPUTF8 when the worker last spoke to it."""
    try:
        return bool(get_redis_connection("platform").get(OFFER) == b"1")
    except RedisError:
        return False


class Relay(EmailBackend):
    """Django's SMTP, with what the server offers."""

    def _offers(self, extension: str) -> bool:
        return bool(cast(smtplib.SMTP, self.connection).has_extn(extension))

    def _send(self, email_message: Written) -> bool:
        """Hand over one mail. Raises smtplib.SMTPException."""
        connection = cast(smtplib.SMTP, self.connection)
        connection.ehlo_or_helo_if_needed()
        with suppress(RedisError):  # for the forms
            get_redis_connection("platform").set(OFFER, int(self._offers("smtputf8")))
        to = email_message.recipients()
        content, options = _content(email_message), []
        if not all(address.isascii() for address in to):
            if not self._offers("smtputf8"):
                raise smtplib.SMTPRecipientsRefused(dict.fromkeys(to, NO_WAY))
            content = _with_every_letter(content, to)
            options = ["SMTPUTF8", "BODY=8BITMIME"]
        elif not content.isascii():
            if self._offers("8bitmime"):
                options = ["BODY=8BITMIME"]
            else:
                content = _in_seven_bits(content)
        sender = parseaddr(email_message.from_email)[1]
        connection.sendmail(sender, to, content, mail_options=options)
        return True


def _content(written: Written) -> bytes:
    built: Any = written.message()
    subject = str(written.subject)
    if "=?" in subject and subject.isascii():
        # Not encoded, a mail program would read something else into it (RFC 2047, 6).
        built.replace_header("Subject", Header(subject, "utf-8").encode())
    content: bytes = built.as_bytes(linesep="\r\n")
    return content


def _in_seven_bits(content: bytes) -> bytes:
    rules: Any = policy.SMTP.clone(cte_type="7bit")
    found: Any = message_from_bytes(content, policy=rules)
    return bytes(found.as_bytes())


def _with_every_letter(content: bytes, to: list[str]) -> bytes:
    """Return a mail whose header names its recipients as they are, not in encoded words."""
    found = message_from_bytes(content, policy=policy.SMTPUTF8)
    del found["To"]
    found["To"] = ", ".join(to)
    return found.as_bytes()
