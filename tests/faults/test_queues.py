"""A mail server that holds up every mail holds up nothing else."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.faults.test_faults import MailServer, all_arrived, send
from tests.faults.test_orders import order, state
from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, eventually, open_folder

pytestmark = [pytest.mark.thorough]


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stalled.clear()
    server.stop()


@pytest.fixture(scope="module")
def stack(mail_server: MailServer) -> Iterator[RunningStack]:
    with open_folder("wiq-queues-") as folder:
        address = f"smtp://127.0.0.1:{mail_server.port}"
        running = RunningStack(prepared(folder / "state"), EMAIL_URL=address).start()
        yield running
        running.stop()


def manage(stack: RunningStack, *words: str) -> str:
    environment = stack.environment | {"WIQ_STATE": str(stack.state)}
    command = [sys.executable, "run.py", "manage", *words]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return said.stdout.splitlines()[-1]


def test_a_district_is_made_while_the_mail_server_stalls(
    stack: RunningStack, mail_server: MailServer
) -> None:
    token = manage(stack, "create_api_token", "--platform", "projektteam@wiq.example")
    mail_server.stalled.set()
    addresses = send(stack, "stalled")
    time.sleep(1)
    begun = time.monotonic()
    path = order(stack, token, "nebenan")
    eventually(lambda: state(stack, path).get("state") == "done", 20)
    assert time.monotonic() - begun < 10
    mail_server.stalled.clear()
    eventually(lambda: all_arrived(mail_server, addresses), 90)
