"""Waiting for a mail server that is away, to notice within a second that it is back.

Only whether it greets is asked, which costs it nothing and signs nobody in. Whether it takes mails
again is for a mail to find out (wiq.outbox.trouble).
"""

import socket
import time

from django.conf import settings

SECONDS = 4.0
PAUSE = 0.5
ANSWER_SECONDS = 1.0


def returns() -> bool:
    """Wait for the mail server's greeting; tell whether it came within a few seconds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if greets():
            return True
        time.sleep(PAUSE)
    return False


def greets() -> bool:
    """Tell whether the server says 220 (RFC 5321, 4.2), or answers at all where TLS comes first."""
    try:
        address = (settings.EMAIL_HOST, settings.EMAIL_PORT)
        with socket.create_connection(address, ANSWER_SECONDS) as line:
            if settings.EMAIL_USE_SSL:
                return True
            is_greeting = line.recv(64).startswith(b"220")
            line.sendall(b"QUIT\r\n")
            return is_greeting
    except (OSError, UnicodeError):
        return False
