"""HAProxy in front of two installations as it is shipped, and two whole ones behind it."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.deploy.proxies import DEPLOY, _running, program
from tests.stack.running import RunningStack, free_port, open_folder, opener
from tests.stack.test_page_cache import PASSWORD

CELLS = DEPLOY / "cells"
A, B = "a.localhost", "b.localhost"
WEST = "leipziger-westen"
PROJECT_TEAM = "projektteam@wiq.example"


@contextmanager
def haproxy(
    a: int, b: int, folder: Path, maps: Path = CELLS, proto: str = "https"
) -> Iterator[int]:
    """Run it in front of two web servers; yield its port. Without TLS, which needs known names."""
    port = free_port()
    text = (CELLS / "haproxy.cfg").read_text()
    for ours, theirs in (
        ('\tbind "${WIQ_BIND_PLAIN}"\n', ""),
        (' ssl crt "${WIQ_TLS}" alpn h2,http/1.1', ""),
        ("\thttp-request redirect scheme https unless { ssl_fc }\n", ""),
        ("X-Forwarded-Proto https", f"X-Forwarded-Proto {proto}"),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    file = folder / "haproxy.cfg"
    file.write_text(text)
    environment = {
        "WIQ_BIND": f"127.0.0.1:{port}", "WIQ_MAPS": str(maps),
        "WIQ_CELL_A": f"127.0.0.1:{a}", "WIQ_CELL_B": f"127.0.0.1:{b}",
    }  # fmt: skip
    command = [program("haproxy"), "-db", "-f", str(file)]
    with _running(command, environment, folder / "haproxy.log", port):
        yield port


@dataclass
class TwoCells:
    """Two installations with two demo districts each, and the proxy that leads to both."""

    a: RunningStack
    b: RunningStack
    port: int

    def asked(self, host: str, path: str = "/", seconds: float = 20) -> tuple[int, str]:
        """Ask through the proxy; return status and body."""
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, headers={"Host": f"{host}:{self.port}"})
        try:
            with opener.open(request, timeout=seconds) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def kill(self, cell: RunningStack) -> None:
        """End all processes of an installation at once, as a machine that fails does."""
        found = cell.processes()
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        assert cell.process is not None
        cell.process.wait()
        psutil.wait_procs(found, 10)


@contextmanager
def two_cells() -> Iterator[TwoCells]:
    """Run both: "a" holds 50 districts, "b" is full and its console asks "a"."""
    with open_folder("wiq-cells-") as folder:
        common = {"WIQ_DEMO_PASSWORD": PASSWORD}
        a = RunningStack(folder / "a", WIQ_DOMAIN=A, WIQ_MAX_DISTRICTS="50", **common)
        b = RunningStack(folder / "b", WIQ_DOMAIN=B, WIQ_MAX_DISTRICTS="2", **common)
        (folder / "hosts.map").write_text(f"{A} cell_a\n{B} cell_b\n")
        (folder / "domains.map").write_text(f".{A} cell_a\n.{B} cell_b\n")
        for name in ("moved.map", "applications.map"):
            (folder / name).write_text("")
        with haproxy(a.port, b.port, folder, folder, "http") as port:
            try:
                a.start()
                words = ("create_api_token", "--platform", PROJECT_TEAM, "--scope", "read")
                token = a.manage_command(*words).splitlines()[-1]
                b.environment["WIQ_CELLS"] = f"http://{token}@{A}:{port}"
                b.start()
                yield TwoCells(a, b, port)
            finally:
                for each in (a, b):
                    if each.process is not None and each.process.poll() is None:
                        each.stop()
