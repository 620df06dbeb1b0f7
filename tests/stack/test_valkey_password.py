"""The embedded Valkey asks for a password, which no command line and no log shows."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from celery import Celery
from redis import Redis
from redis.exceptions import AuthenticationError

from tests.stack.running import RunningStack, open_folder
from wiq.embedded.children import Nursery, Recipe
from wiq.embedded.state import State
from wiq.embedded.valkey import Valkey
from wiq.schedule import broker_url


@pytest.fixture
def state() -> Iterator[State]:
    with open_folder("wiq-valkey-") as folder:
        held = State(folder)
        held.acquire()
        yield held
        held.release()


@pytest.fixture
def nursery(state: State) -> Iterator[Nursery]:
    begun = Nursery(state.lock_descriptor())
    yield begun
    begun.stop(["valkey"], 5)
    begun.close()


@pytest.mark.thorough
def test_a_stack_of_before_gets_a_password_and_keeps_what_it_has(
    state: State, nursery: Nursery
) -> None:
    server = Valkey(state, state.make_socket_folder())
    made = server.recipe()
    # As a version before started it: no file with settings, and no password.
    [program, _settings, *options] = made.command
    server.data.mkdir()
    before = Recipe(made.name, [program, *options], made.environment, made.log)
    open_to_all = Redis(unix_socket_path=str(server.socket))
    nursery.wait_for(nursery.start(before), lambda: server.socket.exists(), 20)
    open_to_all.set("waits", "1")
    nursery.stop(["valkey"], 5)
    child = server.start(nursery)
    assert child.running()
    with pytest.raises(AuthenticationError):
        Redis(unix_socket_path=str(server.socket)).ping()
    with pytest.raises(AuthenticationError):
        Redis(unix_socket_path=str(server.socket), password="geraten").ping()
    assert Redis.from_url(server.url).get("waits") == b"1"
    with Celery(broker=broker_url(server.url)).connection_for_write() as broker:
        broker.ensure_connection(max_retries=1)
        assert server.password not in broker.as_uri()
    # Another start has the same one.
    assert Valkey(state, state.socket_folder()).url == server.url


def test_its_password_stands_in_files_of_its_user_alone(state: State, nursery: Nursery) -> None:
    server = Valkey(state, state.make_socket_folder())
    child = server.start(nursery)
    assert len(server.password) == 64
    holding = [file for file in state.folder.rglob("*") if file.is_file()
               and server.password.encode() in file.read_bytes()]  # fmt: skip
    assert {file.name for file in holding} == {"valkey-password", "valkey.conf"}
    for file in holding:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_uid == os.geteuid()
    assert server.password not in " ".join(psutil.Process(child.pid).cmdline())


@pytest.mark.thorough
def test_no_command_line_and_no_log_of_a_stack_shows_it(stack: RunningStack) -> None:
    password = (Path(stack.state) / "valkey-password").read_text()
    assert f":{password}@" in stack.announced()["REDIS_URL"]
    for process in stack.processes():
        assert password not in " ".join(process.cmdline())
    for log in (stack.state / "log").iterdir():
        assert password not in log.read_text(errors="replace"), log.name
    assert password not in stack.output
    assert stack.manage("from wiq.health import cache; cache(); print('da')").strip() == "da"
