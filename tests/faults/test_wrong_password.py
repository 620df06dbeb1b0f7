"""A mail server that does not let us in: few sign-ins, and everything goes out once it does."""

import time
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.stack.running import RunningStack, eventually, free_port, open_folder

REQUESTS = 12
MAILS = 2 * REQUESTS
WATCHED_SECONDS = 30
# After 0, 5 and 15 seconds, and what several threads of the worker begin at the same moment.
MOST_CONVERSATIONS = 3 + 4


class Server:
    """Wants a sign-in, counts those who try, and counts what it took."""

    password = b"right"

    def __init__(self) -> None:
        self.tried: list[Any] = []
        self.taken = 0

    def sign_in(self, server: Any, session: Any, *words: Any) -> AuthResult:
        given = words[-1]
        if session not in self.tried:  # one conversation may try several ways to sign in
            self.tried.append(session)
        right = isinstance(given, LoginPassword) and given.password == self.password
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += 1
        return "250 OK"


class Door(Controller):
    """The server's port."""

    def factory(self) -> SMTP:
        return SMTP(
            self.handler, authenticator=self.handler.sign_in, auth_required=True,
            auth_require_tls=False,
        )  # fmt: skip


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_tried_a_few_times_a_minute_and_loses_nothing() -> None:
    server, port = Server(), free_port()
    door = Door(server, hostname="127.0.0.1", port=port)
    door.start()
    with open_folder("wiq-password-") as folder:
        stack = RunningStack(folder / "state", EMAIL_URL=f"smtp://wiq:wrong@127.0.0.1:{port}")
        stack.start()
        try:
            begin = time.monotonic()
            for number in range(REQUESTS):
                assert stack.send_request(f"a{number}@fault.example").status == 201
            time.sleep(max(0.0, begin + WATCHED_SECONDS - time.monotonic()))
            tried = len(server.tried)
            assert 2 <= tried <= MOST_CONVERSATIONS
            assert "535" in stack.get("/health/ready").json()["mail_server"]
            server.password = b"wrong"
            eventually(lambda: server.taken == MAILS, 75, "all mails are taken")
            eventually(lambda: "mail_server" not in stack.get("/health/ready").json(), 5)
            assert server.taken == MAILS
        finally:
            stack.stop()
            door.stop()
