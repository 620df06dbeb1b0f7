"""Who sends slowly stops nobody: fifty sockets that trickle, with the proxy and without it.

The proxies are the programs that WIQ_CADDY names (paths with a colon between), else the machine's
own ``caddy``: the image's and Debian's are both to be tried (docs/howto/server.md).
"""

import http.client
import os
import shutil
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stack.running import ROOT, RunningStack, eventually, free_port, open_folder

pytestmark = pytest.mark.thorough
WEST = "leipziger-westen.localhost"
# From memory, made anew, and a form.
PAGES = ("/", "/health/live", "/kontakt/")
SOCKETS = 50
PROXIES = [
    path for path in os.environ.get("WIQ_CADDY", shutil.which("caddy") or "").split(":") if path
]


@contextmanager
def trickling(
    port: int, host: str = WEST, announced: int = 900_000
) -> Iterator[list[socket.socket]]:
    """Hold sockets open that send a byte of a long body every half second."""
    head = (
        f"POST /kontakt/ HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {announced}\r\n\r\nname="
    )
    sockets = [socket.create_connection(("127.0.0.1", port)) for _number in range(SOCKETS)]
    done = threading.Event()

    def trickle() -> None:
        for each in sockets:
            each.sendall(head.encode())
        while not done.wait(0.5):
            for each in sockets:
                try:
                    each.sendall(b"x")
                except OSError:  # refused by now
                    continue

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        time.sleep(1)
        yield sockets
    finally:
        done.set()
        thread.join()
        for each in sockets:
            each.close()


def p95(port: int, rounds: int = 60) -> float:
    """Return how long the 95th of a hundred answers takes, in seconds."""
    times = []
    for _number in range(rounds):
        for path in PAGES:
            asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            began = time.perf_counter()
            asking.request("GET", path, headers={"Host": "localhost" if "live" in path else WEST})
            answer = asking.getresponse()
            answer.read()
            times.append(time.perf_counter() - began)
            asking.close()
            assert answer.status == 200, path
    return statistics.quantiles(times, n=20)[-1]


def compare(port: int) -> tuple[float, float]:
    """Return p95 while nothing else is going on, and while bodies trickle; the best of three."""
    found = []
    for _turn in range(3):
        idle = p95(port)
        with trickling(port):
            found.append((idle, p95(port)))
        if found[-1][1] < 2 * idle:
            break
    return min(found, key=lambda pair: pair[1] / pair[0])


def test_fifty_sockets_that_trickle_make_no_page_twice_as_slow(stack: RunningStack) -> None:
    idle, attacked = compare(stack.port)
    assert attacked < 2 * idle


def test_others_can_send_meanwhile_and_who_trickles_is_told_it_took_too_long(
    stack: RunningStack,
) -> None:
    with trickling(stack.port) as sockets:
        began = time.monotonic()
        assert stack.send_request("tropfen@langsam.example").status == 201
        assert time.monotonic() - began < 2
        said = []
        for each in sockets:
            each.settimeout(20)
            said.append(each.recv(20))
        assert {line.split()[1] for line in said} == {b"408"}
        assert 8 < time.monotonic() - began < 20


def test_a_body_larger_than_its_page_may_have_is_refused_without_being_awaited(
    stack: RunningStack,
) -> None:
    with trickling(stack.port, announced=70_000_000) as sockets:
        sockets[0].settimeout(5)
        assert sockets[0].recv(20).split()[1] == b"413"


def buffers_of(program: str) -> str:
    """Return the snippet of the Caddyfile that a program understands."""
    version = subprocess.run([program, "version"], capture_output=True, text=True, check=True)
    major, minor = version.stdout.removeprefix("v").split(".")[:2]
    return "buffers" if (int(major), int(minor)) >= (2, 7) else "buffers-2.6"


@contextmanager
def proxied(program: str, stack: RunningStack) -> Iterator[int]:
    """Run the shipped Caddyfile in front of a stack, on plain HTTP: certificates need a name."""
    port = free_port()
    text = (ROOT / "platform/deploy/Caddyfile").read_text()
    for ours, theirs in (
        ("\temail {$ACME_EMAIL}", "\tadmin off\n\tauto_https off"),
        ("https:// {\n\ttls {\n\t\ton_demand\n\t}", f"http://:{port} {{"),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    with open_folder("wiq-proxy-") as folder:
        (folder / "Caddyfile").write_text(text)
        environment = os.environ | {"HOME": str(folder), "WIQ_DOMAIN": "localhost"}
        environment["WIQ_CADDY_BUFFERS"] = buffers_of(program)
        environment["WIQ_WEB"] = f"127.0.0.1:{stack.port}"
        process = subprocess.Popen(
            [program, "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")],
            env=environment, stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"),
        )  # fmt: skip
        try:
            eventually(lambda: _answers(port), 15, (folder / "log").read_text())
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("program", PROXIES, ids=lambda path: Path(path).name)
def test_the_shipped_file_is_taken_by_the_proxy(program: str) -> None:
    environment = os.environ | {"WIQ_DOMAIN": "x.example", "ACME_EMAIL": "x@x.example"}
    environment["WIQ_CADDY_BUFFERS"] = buffers_of(program)
    file = str(ROOT / "platform/deploy/Caddyfile")
    done = subprocess.run(
        [program, "adapt", "--adapter", "caddyfile", "--config", file],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '"read_timeout":1800000000000' in done.stdout
    assert "65536" in done.stdout


@pytest.mark.parametrize("program", PROXIES, ids=lambda path: Path(path).name)
def test_nor_do_they_through_the_shipped_proxy(stack: RunningStack, program: str) -> None:
    with proxied(program, stack) as port:
        idle, attacked = compare(port)
        assert attacked < 2 * idle
