"""One stack for all tests that only look at a running one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stack.running import RunningStack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: Any) -> Iterator[RunningStack]:
    folder = tmp_path_factory.mktemp("Quartier Süd und Straße")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    running = RunningStack(folder / "state", WIQ_DEMO_PASSWORD="ein Kennwort zum Probieren").start()
    yield running
    running.stop()
