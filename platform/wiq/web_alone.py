"""The web server in a single process: ``python -m wiq.web_alone --port 8000``.

For run.py, which starts again what ends. granian's own command watches over other processes, and
the one that watches takes 17 MB (wiq.serving.server, for several of them).
"""

import argparse
import asyncio
import signal

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from wiq.rsgi import application

# How many connections may wait to be taken.
BACKLOG = 1024
# What was begun is answered by then.
KILL_SECONDS = 3


async def serve(host: str, port: int) -> None:
    """Serve until told to end; what was begun is answered."""
    server = Server(
        application, address=host, port=port, interface=Interfaces.RSGI,
        websockets=False, backlog=BACKLOG,
    )  # fmt: skip
    server.workers_kill_timeout = KILL_SECONDS
    running = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        running.add_signal_handler(number, server.stop)
    await server.serve()


def main() -> None:
    """Serve on the address of the command line."""
    read = argparse.ArgumentParser(prog="python -m wiq.web_alone")
    read.add_argument("--host", default="127.0.0.1")
    read.add_argument("--port", type=int, default=8000)
    said = read.parse_args()
    uvloop.run(serve(said.host, said.port))


if __name__ == "__main__":
    main()
