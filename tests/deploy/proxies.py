"""Caddy and HAProxy in front of several web servers, with the configurations that are shipped.

They run without TLS: certificates need a name that the world knows.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.stack.running import ROOT, eventually, free_port
from tests.stack.test_slow_bodies import _answers, buffers_of

DEPLOY = ROOT / "platform" / "deploy"


def program(name: str) -> str:
    """Return a proxy's program: the one that ``WIQ_CADDY`` names, else the machine's own."""
    named = os.environ.get(f"WIQ_{name.upper()}", "").split(":")[0]
    found = named or shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if not found:
        pytest.skip(f"no {name} on this machine")
    return found


@contextmanager
def caddy(web: Sequence[int], folder: Path) -> Iterator[int]:
    """Run Caddy in front of web servers with these ports; yield its own port."""
    port, found = free_port(), program("caddy")
    text = (DEPLOY / "Caddyfile").read_text()
    for ours, theirs in (
        ("\temail {$ACME_EMAIL}", "\tadmin off\n\tauto_https off"),
        ("https:// {\n\ttls {\n\t\ton_demand\n\t}", f"http://:{port} {{"),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    file = folder / "Caddyfile"
    file.write_text(text)
    environment = {
        "WIQ_WEB": " ".join(f"127.0.0.1:{each}" for each in web),
        "WIQ_CADDY_BUFFERS": buffers_of(found),
        "WIQ_DOMAIN": "localhost",
        "HOME": str(folder),
    }
    command = [found, "run", "--adapter", "caddyfile", "--config", str(file)]
    with _running(command, environment, folder / "caddy.log", port):
        yield port


@contextmanager
def haproxy(web: Sequence[int], folder: Path) -> Iterator[int]:
    """Run HAProxy in front of two web servers with these ports; yield its own port."""
    port = free_port()
    text = (DEPLOY / "haproxy.cfg").read_text()
    for ours, theirs in (
        ('\tbind "${WIQ_BIND_PLAIN}"\n', ""),
        (' ssl crt "${WIQ_TLS}" alpn h2,http/1.1', ""),
        ("\thttp-request redirect scheme https unless { ssl_fc }\n", ""),
        ("X-Forwarded-Proto https", "X-Forwarded-Proto http"),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    file = folder / "haproxy.cfg"
    file.write_text(text)
    one, two = web
    environment = {
        "WIQ_BIND": f"127.0.0.1:{port}",
        "WIQ_WEB1": f"127.0.0.1:{one}",
        "WIQ_WEB2": f"127.0.0.1:{two}",
    }
    command = [program("haproxy"), "-db", "-f", str(file)]
    with _running(command, environment, folder / "haproxy.log", port):
        yield port


PROXIES = {"Caddy": caddy, "HAProxy": haproxy}


@contextmanager
def both(web: Sequence[int], folder: Path) -> Iterator[dict[str, int]]:
    """Run both in front of the same web servers; yield their ports."""
    with ExitStack() as running:
        yield {name: running.enter_context(run(web, folder)) for name, run in PROXIES.items()}


@contextmanager
def _running(
    command: list[str], environment: dict[str, str], log: Path, port: int
) -> Iterator[None]:
    with log.open("w") as said:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=said, stderr=said)
        try:
            eventually(lambda: _answers(port) or process.poll() is not None, 40, command[0])
            assert process.poll() is None, log.read_text()
            yield
        finally:
            process.terminate()
            process.wait()
