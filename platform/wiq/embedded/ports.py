"""The ports that a stack takes: checked before anything is made."""

import contextlib
import os
import socket
import sys

from wiq.embedded.console import Unusable
from wiq.metrics import switch as metrics


def check_metrics() -> metrics.Address | None:
    """Return where numbers are served, if they are. Raises Unusable where that can't be."""
    try:
        address = metrics.read(os.environ)
    except ValueError as error:
        raise Unusable(str(error)) from None
    if address is not None:
        family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address.host, address.port))
            except OSError as error:
                raise Unusable(
                    f"WIQ_METRICS_PORT {address.port} can't be used on {address.host} ({error})"
                ) from None
    return address


def reserve_port(port: int) -> socket.socket | None:
    """Reserve the port for this stack; raise Unusable if it is taken.

    Checking it is not enough: the web server binds it seconds later, and SO_REUSEPORT lets two
    servers share it. An abstract unix socket serves as a lock that ends with its process; macOS
    has none, so there the check has to do. Keep the returned socket while the stack runs.
    """
    if not 0 < port < 65536:
        raise Unusable(f"port {port} can't be used; choose one from 1 to 65535 with --port")
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Unusable(
                f"port {port} can't be used ({error}); choose another with --port"
            ) from None
    if sys.platform != "linux":
        return None
    lock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        lock.bind(f"\0wiq-port-{port}")
    except OSError:
        lock.close()
        raise Unusable(
            f"port {port} is kept by another stack; choose another with --port"
        ) from None
    return lock
