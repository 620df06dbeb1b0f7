"""A stack whose errors and traces are received: what leaves it, and that nothing of anybody does."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest

from tests.reporting.conftest import Receiver, Served, Server
from tests.stack.running import eventually
from wiq.traces import tracing
from wiq.version import release

pytestmark = pytest.mark.thorough
WEST = "leipziger-westen.localhost"
# The database refuses the row, and its answer quotes it.
REFUSE = """
from django.db import connection
from django_tenants.utils import get_tenant_model
schema = get_tenant_model().objects.get(slug="leipziger-westen").schema_name
connection.cursor().execute(
    f'ALTER TABLE "{schema}".contact_contactrequest ADD CONSTRAINT none CHECK (false) NOT VALID')
"""


def events(receiver: Receiver) -> list[dict[str, Any]]:
    """Return the events of all envelopes: lines of JSON, headers before each."""
    lines = [line for body in receiver.bodies("/api/1/") for line in body.splitlines()]
    found = [json.loads(line) for line in lines if line.startswith(b"{")]
    return [one for one in found if "exception" in one]


@dataclass
class Span:
    """A span as a receiver sees it."""

    process: str
    trace: bytes
    number: bytes
    parent: bytes
    name: str
    words: dict[str, Any]


@pytest.fixture(scope="module")
def spans(server: Server, receiver: Receiver) -> Iterator[Callable[[], list[Span]]]:
    """Read what the receiver got, as OTLP's own definition says."""
    sys.path.append(str(server.packages))
    kept_out = sys.modules.pop(tracing.PACKAGE, None)
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    def words(attributes: Any) -> dict[str, Any]:
        return {one.key: one.value.string_value or one.value.int_value for one in attributes}

    def read() -> list[Span]:
        found = []
        for body in list(receiver.bodies("/v1/traces")):
            for of_process in ExportTraceServiceRequest.FromString(body).resource_spans:
                process = words(of_process.resource.attributes)["service.name"]
                for scope in of_process.scope_spans:
                    found += [
                        Span(process, one.trace_id, one.span_id, one.parent_span_id, one.name,
                             words(one.attributes))
                        for one in scope.spans
                    ]  # fmt: skip
        return found

    yield read
    sys.path.remove(str(server.packages))
    sys.modules[tracing.PACKAGE] = cast(Any, kept_out)


def test_a_request_its_statements_and_its_tasks_are_one_trace_without_anybody_in_it(
    watched: Served, spans: Callable[[], list[Span]], receiver: Receiver
) -> None:
    answer = watched.send_request("sehr.geheim@beispiel.example")
    status = answer.json()["status_url"].split(str(watched.port))[1]
    pretended = {"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
    assert watched.get(f"{status}?name=geheim", WEST, **pretended).status == 200
    assert watched.get("/loesungsteams/?q=geheim", WEST).status == 200
    assert watched.get("/geheim/erika/", WEST).status == 404

    def delivered() -> list[Span]:
        return [one for one in spans() if one.name == "run wiq.mail.tasks.deliver"]

    run = eventually(delivered, 30)[0]
    eventually(lambda: any(one.name.startswith("GET kontakt/") for one in spans()), 15)
    one_trace = [one for one in spans() if one.trace == run.trace]
    by_number = {one.number: one for one in one_trace}
    [post] = [one for one in one_trace if not one.parent]
    assert (post.process, post.name) == ("wiq-web", "POST api/v1/contact-requests/$")
    assert post.words["http.status_code"] == 201
    sent = by_number[run.parent]
    assert (sent.process, sent.name) == ("wiq-web", "send wiq.mail.tasks.deliver")
    assert run.process == "wiq-worker"
    assert sent.parent == post.number
    assert sent.words["messaging.destination.name"] == run.words["messaging.destination.name"]
    inserts = [one for one in one_trace if one.name == "INSERT" and one.parent == post.number]
    assert any("contact_contactrequest" in one.words["db.statement"] for one in inserts)
    assert any(one.words.get("db.system") == "redis" for one in one_trace)
    for one in (post, sent, run, inserts[0]):
        assert one.words["wiq.district"] == "leipziger-westen"

    assert not [one for one in spans() if one.trace == bytes.fromhex("a" * 32)]
    text = b" ".join(body for _path, body in receiver.got).decode("latin-1")
    token = status.strip("/").split("/")[-1]
    assert not re.findall(rf"geheim|[Ee]rika|ein Versuch|198\.51|urllib|127\.0|{token}", text)


def test_where_nobody_receives_work_goes_on_and_ends_in_time(server: Server) -> None:
    code = """
import time
import wiq.wsgi
from wiq.traces import tracing
began = time.monotonic()
for turn in range(3000):
    with tracing.running("a.task", "mail", {}), tracing.sending("a.task", "mail"):
        pass
print(time.monotonic() - began)
"""
    environment = os.environ | {tracing.ENDPOINTS[0]: "http://127.0.0.1:9"}
    began = time.monotonic()
    run = subprocess.run(
        [server.python, "-c", code], env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    worked = float(run.stdout.split()[-1])
    assert worked < 5
    assert time.monotonic() - began - worked < 20  # it loads the platform, too


def test_without_a_receiver_nothing_of_opentelemetry_is_loaded(server: Server) -> None:
    code = "import sys, wiq.wsgi, wiq.celery_app; print(bool(sys.modules.get('opentelemetry')))"
    for endpoint, loaded in (("", "False"), ("http://127.0.0.1:4318", "True")):
        environment = os.environ | {tracing.ENDPOINTS[0]: endpoint}
        run = subprocess.run(
            [server.python, "-c", code], env=environment, capture_output=True, text=True
        )
        assert run.stdout.split()[-1:] == [loaded], run.stderr


def test_a_task_that_nobody_takes_leaves_no_span_open(server: Server) -> None:
    code = """
import contextlib
import wiq.wsgi
from opentelemetry import trace
from wiq.traces import tracing
with contextlib.suppress(OSError), tracing.sending("a.task", "mail") as headers:
    assert list(headers) == ["traceparent"]
    raise OSError
print(trace.get_current_span().get_span_context().is_valid)
"""
    environment = os.environ | {tracing.ENDPOINTS[0]: "http://127.0.0.1:9"}
    run = subprocess.run(
        [server.python, "-c", code], env=environment, capture_output=True, text=True
    )
    assert run.stdout.split()[-1:] == ["False"], run.stderr


def test_an_address_of_sentry_that_nobody_can_read_is_one_line_without_it(server: Server) -> None:
    environment = os.environ | {"SENTRY_DSN": "https://geheim@"}
    run = subprocess.run(
        [server.python, "-c", "import wiq.settings"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.stderr.splitlines()[-1].endswith("it must look like https://key@host/number.")
    assert "geheim" not in run.stderr


def test_texts_in_a_statement_and_attributes_that_nobody_named_stay_here(server: Server) -> None:
    code = """
from opentelemetry.sdk.trace import TracerProvider
from wiq.traces.masking import masked, without_literals
for statement in (
    "SELECT 'Erika ''E.'' Beispiel', E'it\\\\'s geheim', $$geheim$$, $a$geheim$a$, name FROM x",
    r"SELECT 'geheim\\\\' || name || 'geheim'",
):
    print(without_literals(statement))
tracer = TracerProvider().get_tracer("x")
with tracer.start_as_current_span("GET /kontakt/" + "x7Kq" * 8 + "/") as span:
    span.set_attribute("http.url", "https://nord.example/geheim")
    span.set_attribute("http.route", "kontakt/<token>/")
    span.record_exception(ValueError("geheim"))
    span.set_status(__import__("opentelemetry.trace").trace.StatusCode.ERROR, "geheim")
one = masked(span)
print(one.name, dict(one.attributes), [dict(e.attributes) for e in one.events], one.status.description)
"""
    run = subprocess.run([server.python, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "SELECT ?, ?, ?, ?, name FROM x",
        "SELECT ? || name || ?",
        "GET /kontakt/<token>/ {'http.route': 'kontakt/<token>/'} [{'exception.type': 'ValueError'}] None",
    ]


def test_an_error_is_told_with_its_release_and_without_anything_of_who_met_it(
    watched: Served, receiver: Receiver
) -> None:
    watched.manage(REFUSE)
    assert watched.send_request("sehr.geheim@beispiel.example").status == 500
    [event] = eventually(lambda: events(receiver), 20)
    assert event["release"] == release()
    assert event["environment"] == "development"
    assert event["request"]["method"] == "POST"
    assert event["request"]["url"].endswith("/api/v1/contact-requests/")
    errors = [error["type"] for error in event["exception"]["values"]]
    assert "IntegrityError" in errors
    text = " ".join(body.decode() for body in receiver.bodies("/api/1/"))
    assert "contact_contactrequest" in text
    said = re.findall(r"geheim|Erika|ein Versuch|198\.51|Python-urllib|\"vars\"", text)
    assert not said
