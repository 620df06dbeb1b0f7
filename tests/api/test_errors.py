"""A rule of a service, told by the API: as an error at the field it is about."""

from typing import Any

import pytest

from tenants.districts.models import District as Row
from tests.api.asking import Api
from tests.cast import District

BROKEN: list[tuple[str, str, dict[str, Any], str]] = [
    ("post", "districts/", {"slug": "nord", "name": "Nord", "city": "Leipzig"}, "slug"),
    ("patch", "districts/nord/", {"state": "published"}, "state"),
    ("delete", "districts/nord/", {"confirm": "sued.localhost"}, "confirm"),
    ("post", "districts/nord/keep/", {}, "state"),
    ("post", "districts/nord/restore/", {}, "state"),
    ("post", "districts/nord/coordinators/", {"email": "coordinator@nord.example"}, "email"),
    ("post", "districts/nord/visits/", {"reason": "eins\nzwei"}, "reason"),
    ("post", "districts/nord/domains/", {"domain": "keine domain"}, "domain"),
    ("post", "districts/nord/domains/nord.localhost/", {"action": "drop"}, "action"),
]


@pytest.mark.parametrize(("method", "path", "data", "field"), BROKEN)
def test_a_rule_without_a_field_is_told_at_the_one_it_is_about(
    team: Api, nord: District, method: str, path: str, data: dict[str, Any], field: str
) -> None:
    team("patch", "districts/nord/", {"state": "hidden", "reason": "Umbau"})
    Row.objects.filter(slug="nord").update(passed_gate_at=None)  # never public
    answer = team(method, path, data)
    assert (answer.status_code, answer.json()["type"]) == (400, "validation_error")
    assert {error["attr"] for error in answer.json()["errors"]} == {field}
