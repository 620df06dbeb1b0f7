"""The OpenAPI documents describe the API without guessing."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.cast import District


@pytest.mark.parametrize("urlconf", ["wiq.urls.district", "wiq.urls.public"])
def test_a_document_is_valid_and_nothing_in_it_is_guessed(urlconf: str, db: None) -> None:
    out = StringIO()
    call_command("spectacular", urlconf=urlconf, validate=True, fail_on_warn=True, stdout=out)
    assert "openapi: 3" in out.getvalue()


def test_the_document_names_every_part_of_the_contract(nord: District) -> None:
    document = nord.client().get("/api/schema/?format=json").content.decode()
    for path in ("district", "teams", "people", "solution-teams", "topics", "contact-requests",
                 "ideas", "solution-teams/{slug}/updates", "events", "events/{id}/dates"):  # fmt: skip
        assert f"/api/v1/{path}/" in document
