"""One stack for all tests that only look at a running one."""

from collections.abc import Iterator

import pytest

from tests.stack.running import RunningStack, open_folder


@pytest.fixture(scope="session")
def stack() -> Iterator[RunningStack]:
    with open_folder("Quartier Süd und Straße ") as folder:
        password = "ein Kennwort zum Probieren"
        running = RunningStack(folder / "state", WIQ_DEMO_PASSWORD=password).start()
        yield running
        running.stop()
