"""The districts of the walk, made once for all tests of this folder that look at them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import logins
from tests.isolation.world import Place, three_districts


@pytest.fixture(scope="package")
def places(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Place]]:
    logins.become(logins.APP)
    with django_db_blocker.unblock(), three_districts() as made:
        yield made
