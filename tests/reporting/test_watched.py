"""A stack whose errors are received: what leaves it, and that nothing of anybody does."""

import json
import re
from typing import Any

import pytest

from tests.reporting.conftest import Receiver, Served
from tests.stack.running import eventually
from wiq.version import release

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


@pytest.mark.thorough
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
    text = " ".join(body.decode() for _path, body in receiver.got)
    assert "contact_contactrequest" in text
    said = re.findall(r"geheim|Erika|ein Versuch|198\.51|Python-urllib|\"vars\"", text)
    assert not said
