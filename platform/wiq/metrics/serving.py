"""The port of the numbers: ``/metrics`` in Prometheus' text, nothing else, for all processes."""

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import structlog
from django.db import connection as database
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from wiq.metrics.measures import measures
from wiq.metrics.servers import SERVERS
from wiq.metrics.switch import Address
from wiq.tenancy import connection

log = structlog.get_logger(__name__)
AGAIN_SECONDS = 2.0
FAILED = "wiq_measures_failed"


class State(Collector):
    """Asks database and queue for what no process can count."""

    def __init__(self, *, per_district: bool) -> None:
        self.per_district = per_district

    def collect(self) -> Iterator[Metric]:
        """Yield every measure; one that fails is left out and counted, the others are there."""
        failed = 0
        for measure in (*SERVERS, *measures):
            if measure.per_district and not self.per_district:
                continue
            family = GaugeMetricFamily(measure.name, measure.help, labels=measure.labels)
            try:
                for labels, number in measure.ask():
                    family.add_metric(labels, number)
            except Exception as error:
                failed += 1
                log.warning("metrics.failed", measure=measure.name, error=type(error).__name__)
            else:
                yield family
        yield GaugeMetricFamily(FAILED, "Measures that could not be asked for.", value=failed)


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    timeout = 10

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingMixIn, WSGIServer):
    """Serves several at once, so that one who reads slowly holds nobody up."""

    daemon_threads = True

    def __init__(self, address: Address) -> None:
        self.address_family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
        self.per_district = address.per_district
        super().__init__((address.host, address.port), Quiet)
        self.set_app(self.answer)

    def server_bind(self) -> None:
        """Bind without asking the DNS for this machine's name, as HTTPServer does."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]
        self.setup_environ()

    def answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer ``/metrics``; this thread's connection to the database ends with the answer."""
        if environ["PATH_INFO"] != "/metrics" or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"/metrics\n"]
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        registry.register(State(per_district=self.per_district))
        encode, kind = choose_encoder(environ.get("HTTP_ACCEPT", ""))
        try:
            connection.set_schema_to_public()
            text: bytes = encode(registry)
        finally:
            database.close()
        start_response("200 OK", [("Content-Type", kind)])
        return [text]


def _serve(address: Address) -> None:
    """Serve as soon as the port is free: another process may hold it, and end one day."""
    while True:
        with suppress(OSError), Server(address) as server:
            log.info("metrics.served", port=address.port)
            server.serve_forever()
        time.sleep(AGAIN_SECONDS)


def serve_in_background(address: Address) -> None:
    """Serve the numbers from a thread of this process."""
    # Never in a district: each answer sets the public schema itself.
    thread = threading.Thread  # noqa: TID251
    thread(target=_serve, args=(address,), daemon=True, name="metrics").start()
