"""The web server behind proxies: ``python -m wiq.serving.server``.

It is granian, which answers what it has begun before it ends. What comes at that very moment it
would lose: a connection that waits to be taken, a request on one that is just being closed. So the
server leaves before it ends: proxies are told (``/intern/bereit/``), visitors are still answered,
and only then is nothing taken any more (docs/decisions/0088-several-machines.md).
"""

import argparse
import os
import signal
import threading
from contextlib import suppress
from typing import Any

from granian.constants import Interfaces
from granian.server.mp import MPServer as Granian

# What a worker is told by (wiq.rsgi): that its connections end with their next answer, and that the
# whole server leaves.
CLOSE, LEAVE = signal.SIGUSR1, signal.SIGUSR2
# How long a proxy may keep a connection that nothing is asked on. Longer than that, a worker closes
# its connections before it ends (platform/deploy/Caddyfile).
IDLE_SECONDS = 5.0
# A new worker has loaded the platform by then, even on a slow machine.
RESPAWN_SECONDS = 10.0
# What visitors have begun is answered by then: the longest answer is a film at their pace.
KILL_SECONDS = 30


class Server(Granian):
    """granian that leaves before it ends."""

    leaving = False
    leave_seconds = 0.0

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        """Leave at the first SIGTERM, and end after a while; end at once at anything else."""
        number = args[0] if args else None
        if self.leaving or number != signal.SIGTERM or not self.leave_seconds:
            super().signal_handler_interrupt(*args, **kwargs)
            return
        self.leaving = True
        self._tell(range(len(self.wrks)), LEAVE)
        end = threading.Timer(self.leave_seconds, super().signal_handler_interrupt)
        end.daemon = True
        end.start()

    def _respawn_workers(
        self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0
    ) -> None:
        """Let a worker close its connections while its successor starts (SIGHUP)."""
        self._tell(workers, CLOSE)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)

    def _tell(self, workers: Any, number: int) -> None:
        for worker in (self.wrks[index] for index in workers):
            if worker.is_alive():
                with suppress(ProcessLookupError):
                    os.kill(worker.inner.pid, number)


def main() -> None:
    """Serve until told to end."""
    read = argparse.ArgumentParser(prog="python -m wiq.serving.server")
    read.add_argument("--host", default="127.0.0.1")
    read.add_argument("--port", type=int, default=8000)
    read.add_argument("--workers", type=int, default=2)
    said = read.parse_args()
    server = Server(
        "wiq.rsgi:application",
        address=said.host,
        port=said.port,
        interface=Interfaces.RSGI,
        workers=said.workers,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        workers_kill_timeout=KILL_SECONDS,
    )
    server.leave_seconds = float(os.environ.get("WIQ_LEAVE_SECONDS") or 0)
    server.serve()


if __name__ == "__main__":
    main()
