"""Another installation beside this one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cells.other import Other, running


@pytest.fixture
def other(settings: Any) -> Iterator[Other]:
    """The installation "b", named in the settings of this one."""
    with running(Other("b.localhost", "nordufer", "kanalufer")) as found:
        settings.WIQ_CELLS = [found.setting]
        yield found
