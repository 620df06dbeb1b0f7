"""Which of several beats sends: the one that holds a lock of PostgreSQL (docs/decisions/0029).

Without Django, like beat itself.
"""

import re
from enum import Enum
from typing import Any

import psycopg

# "WiQbeat" in ASCII: apart from all other advisory locks of the platform.
LOCK = 0x57695162656174
# A holder whose machine is gone loses the lock within half a minute.
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class Whose(Enum):
    """Who has the right to send."""

    OURS = "ours"
    ANOTHERS = "another's"
    UNKNOWN = "unknown"


class Turn:
    """The right to send. It ends with the connection of its holder, however that ends."""

    def __init__(self, address: str) -> None:
        # libpq knows only this of the schemes that our settings take.
        self._address = re.sub(r"^\w+(?=://)", "postgresql", address)
        self._connection: psycopg.Connection[Any] | None = None
        self._holds = False

    def ask(self) -> Whose:
        """Tell who may send; take the right if nobody has it.

        It is unknown without a database; then nobody needs to send, because all tasks need one.
        """
        try:
            connection = self._connected()
            if self._holds:
                connection.execute("SELECT 1")
            else:
                row = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
                self._holds = row is not None and bool(row[0])
        except (psycopg.Error, OSError):
            self.give_up()
            return Whose.UNKNOWN
        return Whose.OURS if self._holds else Whose.ANOTHERS

    def give_up(self) -> None:
        """Close the connection, and with it give the right to whoever asks next."""
        self._holds = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> "psycopg.Connection[Any]":
        if self._connection is None:
            options: dict[str, Any] = {
                "connect_timeout": 2,
                "tcp_user_timeout": 10_000,
                **_KEEPALIVES,
            }
            self._connection = psycopg.connect(
                self._address, autocommit=True, application_name="wiq-beat", **options
            )
            # The same for the server: it must notice, too, that a machine is gone.
            for name, seconds in _KEEPALIVES.items():
                self._connection.execute(f"SET tcp_{name} = {seconds}")
            self._connection.execute("SET idle_session_timeout = 0")
        return self._connection
