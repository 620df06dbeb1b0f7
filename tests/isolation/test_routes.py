"""Every address is classified: one that nobody has thought about fails at once, without a walk."""

import pytest

from tests.isolation import routes


def test_every_route_says_who_may_read_and_write_there() -> None:
    assert len(routes.routes(routes.DISTRICT)) > 150
    assert len(routes.routes(routes.PLATFORM)) > 80


@pytest.mark.parametrize(
    "path", ["neues/", "neues/<slug>/", "menschen/<slug>/<geheim>/", "kontakt/<anders>/"]
)
def test_a_route_that_nobody_has_classified_fails(path: str) -> None:
    with pytest.raises(routes.UnclassifiedRoute):
        routes._rule_for(path, routes.DISTRICT_RULES)
