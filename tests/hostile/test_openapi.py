"""Both OpenAPI documents keep their promise: no server error, no answer that is not documented."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.cast import District, project_team
from wiq.accounts import services as accounts

FEW_OR_MANY = pytest.mark.parametrize(
    "examples",
    [
        pytest.param("few", marks=pytest.mark.thorough),
        pytest.param("many", marks=pytest.mark.exhaustive),
    ],
)
# The same few on each run of CI, many others by hand.
FEW = settings(
    max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
# What the issue asks for. Whether a wrong token is refused where none is needed is another matter.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@schemathesis.serializer("message/rfc822")
def mail(context: Any, value: Any) -> bytes:
    """Return what schemathesis thinks of as a mail: bytes, whatever they are."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def served_at(host: str) -> Application:
    """Return the platform as that host sees it; each request comes from another address."""
    django = get_wsgi_application()
    count = 0

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        nonlocal count
        count += 1
        environ |= {"HTTP_HOST": host, "REMOTE_ADDR": f"198.51.{count // 250 % 250}.{count % 250}"}
        return django(environ, start_response)

    return application


@pytest.fixture(autouse=True)
def keep_the_connection() -> Iterator[None]:
    """The test's transaction goes on from one request to the next, as with Django's own client."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def keep_promises(host: str, examples: str, token: str = "") -> int:
    """Send what a document allows and what it forbids to all it describes; return how much."""
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", served_at(host))
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    sent, broken = 0, []
    for result in schema.get_all_operations():
        operation = result.ok()

        @(FEW if examples == "few" else MANY)
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            nonlocal sent
            sent += 1
            with transaction.atomic():
                response = case.call(headers=headers)
                transaction.set_rollback(True)
            case.validate_response(response, checks=CHECKS)

        try:
            ask()
        except Exception as problem:
            broken.append(f"{operation.label}: {problem}")
    assert not broken, "\n\n".join(broken)
    return sent


@FEW_OR_MANY
def test_visitors_get_what_the_districts_document_says(nord: District, examples: str) -> None:
    assert keep_promises(nord.host, examples) > 100


@FEW_OR_MANY
def test_coordinators_get_what_the_districts_document_says(nord: District, examples: str) -> None:
    assert keep_promises(nord.host, examples, nord.token()) > 100


@FEW_OR_MANY
def test_the_project_team_gets_what_the_platforms_document_says(db: None, examples: str) -> None:
    token = accounts.create_token(project_team())
    assert keep_promises("localhost", examples, token) > 10
