"""The districts of the walk: a canary in every text field and file, and nothing left behind."""

import pytest
from django_tenants.utils import tenant_context

from tests.isolation.canaries import fields_without, found_in
from tests.isolation.world import Place


@pytest.mark.owner
@pytest.mark.thorough
def test_every_text_field_and_file_of_a_district_holds_a_canary(
    places: list[Place], db: None
) -> None:
    for place in places:
        with tenant_context(place.row):
            assert fields_without() == []


def test_a_canary_is_found_in_any_case_and_told_apart() -> None:
    assert found_in("… ZQJXAOQ … zqjxbkq7") == {("a", "o"), ("b", "k")}
    assert found_in("zqjx") == set()
