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

from wiq.mail.kept import MOST, EncryptedLine, Line, kept

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
    """Django's SMTP, with what the server offers, over connections that are kept open."""

    @property
    def connection_class(self) -> type[Line]:
        """The class of new connections."""
        return EncryptedLine if self.use_ssl else Line

    def open(self) -> bool | None:
        """Take a connection that was kept, or open one. Raises OSError, like all of smtplib's."""
        if self.connection is None:
            self.connection = kept.take(self._where())
            if self.connection is not None:
                return True
        opened: bool | None = super().open()
        if opened:
            self._line().ehlo_or_helo_if_needed()
            with suppress(RedisError):  # for the forms
                get_redis_connection("platform").set(OFFER, int(self._offers("smtputf8")))
        return opened

    def close(self) -> None:
        """Keep the connection for the next mail, or end it if it is not fit for one."""
        if self.connection is not None:
            line = self._line()
            if line.sock is not None and line.told < MOST:
                kept.keep(self._where(), line)
                self.connection = None
        super().close()

    def _where(self) -> tuple[Any, ...]:
        return (self.host, self.port, self.username, self.password, self.use_tls, self.use_ssl)

    def _line(self) -> Line:
        return cast(Line, self.connection)

    def _offers(self, extension: str) -> bool:
        return bool(self._line().has_extn(extension))

    def _send(self, email_message: Written) -> bool:
        """Hand over one mail. Raises smtplib.SMTPException.

        A server may end a connection at any time: because it was idle, or took enough mails. What
        it says then is no answer about this mail, so the mail is told once more over a new one.
        """
        line = self._line()
        try:
            return self._hand_over(email_message)
        except smtplib.SMTPException:
            ended = line.sock is None and not line.data_began
            if not ended or line.told == 1:
                raise
        self.connection = None
        super().open()
        return self._hand_over(email_message)

    def _hand_over(self, email_message: Written) -> bool:
        line = self._line()
        line.told, line.data_began = line.told + 1, False
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
        line.sendmail(sender, to, content, mail_options=options)
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
