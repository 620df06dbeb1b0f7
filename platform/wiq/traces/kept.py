"""Traces as OpenTelemetry keeps and sends them. Only loaded where a receiver is named.

Django, psycopg and Redis are instrumented by OpenTelemetry's own packages. Tasks are not: its
package for Celery leaves a span open where the broker does not take a task, and everything that
the thread does afterwards would stand in the wrong trace.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import SpanKind, Status, StatusCode

from wiq import version
from wiq.tenancy import connection
from wiq.traces.masking import masked
from wiq.traces.tracing import Traces

DISTRICT = "wiq.district"
# After it the district, its host and its addresses are known, and strangers' hosts are gone.
AFTER = "tenants.districts.middleware.DistrictMiddleware"
# Seconds for one try to send: stopping the stack waits for the last.
TIMEOUT = "2"


class Roots(Sampler):
    """Begin traces with requests and tasks alone.

    What has no parent beside them is the housekeeping of pools and queues, several times a second.
    """

    def __init__(self, chosen: Sampler) -> None:
        self.chosen = chosen

    def should_sample(
        self,
        parent_context: Any,
        trace_id: int,
        name: str,
        kind: Any = None,
        *more: Any,
        **named: Any,
    ) -> SamplingResult:
        """Drop what is no request and no task; the operator's sampler decides about the others."""
        if kind not in (SpanKind.SERVER, SpanKind.CONSUMER):
            return SamplingResult(Decision.DROP)
        return self.chosen.should_sample(parent_context, trace_id, name, kind, *more, **named)

    def get_description(self) -> str:
        """Return its name for those who look into the SDK."""
        return f"Roots({self.chosen.get_description()})"


class Districts(SpanProcessor):
    """Notes on every span which district it works for."""

    def on_start(self, span: Span, parent_context: Any = None) -> None:
        """Note the district's short name; nothing on the platform."""
        if slug := getattr(connection.tenant, "slug", ""):
            span.set_attribute(DISTRICT, slug)


class Masked(SpanExporter):
    """Sends spans without anything about persons."""

    def __init__(self, receiver: SpanExporter) -> None:
        self.receiver = receiver

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send what ``masked`` leaves."""
        return self.receiver.export([masked(span) for span in spans])

    def shutdown(self) -> None:
        """Stop sending."""
        self.receiver.shutdown()


def provider(process: str, receiver: SpanExporter) -> TracerProvider:
    """Return what makes spans of this process and hands them to a receiver."""
    named = os.environ.get("OTEL_SERVICE_NAME") or "wiq"
    resource = Resource.create({
        "service.name": f"{named}-{process}",
        "service.version": version.release().removeprefix(f"{version.NAME}@"),
        "deployment.environment.name": settings.WIQ_ENV,
    })  # fmt: skip
    made = TracerProvider(resource=resource)
    made.sampler = ParentBased(root=Roots(made.sampler))
    made.add_span_processor(Districts())
    made.add_span_processor(BatchSpanProcessor(Masked(receiver)))
    return made


class Kept(Traces):
    """Traces of this process, sent to the receiver that the environment names."""

    def __init__(self, process: str) -> None:
        os.environ.setdefault("OTEL_EXPORTER_OTLP_TIMEOUT", TIMEOUT)
        made = provider(process, OTLPSpanExporter())
        trace.set_tracer_provider(made)
        self.tracer = made.get_tracer("wiq")
        place = settings.MIDDLEWARE.index(AFTER) + 1
        DjangoInstrumentor().instrument(tracer_provider=made, middleware_position=place)
        PsycopgInstrumentor().instrument(tracer_provider=made)
        RedisInstrumentor().instrument(tracer_provider=made)

    @contextmanager
    def sending(self, task: str, queue: str) -> Iterator[dict[str, str]]:
        headers: dict[str, str] = {}
        with self._span(f"send {task}", SpanKind.PRODUCER, queue, None):
            propagate.inject(headers)
            yield headers

    @contextmanager
    def running(self, task: str, queue: str, headers: Mapping[str, str]) -> Iterator[None]:
        with self._span(f"run {task}", SpanKind.CONSUMER, queue, propagate.extract(headers)):
            yield

    @contextmanager
    def _span(self, name: str, kind: SpanKind, queue: str, parent: Any) -> Iterator[None]:
        attributes = {"messaging.system": "celery", "messaging.destination.name": queue}
        # The error's words may be about a person; its kind is enough here.
        with self.tracer.start_as_current_span(
            name, parent, kind, attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise
