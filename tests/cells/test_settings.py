"""WIQ_CELLS is read once; what can't be read is refused, and its token stands nowhere."""

import pytest

from tests.ground.test_production import start

SHOW = "from django.conf import settings; print(settings.WIQ_CELLS, settings.WIQ_MAX_DISTRICTS)"


def test_each_installation_has_an_address_and_a_token() -> None:
    said = start(SHOW, WIQ_CELLS="https://eins@B.wiq.example, https://zwei@c.wiq.example:8443/")
    assert said.returncode == 0, said.stderr
    first = {"url": "https://b.wiq.example", "host": "b.wiq.example", "token": "eins"}
    assert str(first) in said.stdout
    assert "'https://c.wiq.example:8443'" in said.stdout
    assert said.stdout.strip().endswith("None")
    assert start(SHOW, WIQ_MAX_DISTRICTS="0").stdout.strip() == "[] 0"


@pytest.mark.parametrize(
    "value",
    [
        "geheim", "http://geheim@b.wiq.example", "https://b.wiq.example",
        "https://geheim@b.wiq.example/plattform/", "https://geheim@b.wiq.example:x",
        "https://geheim@", "https://geheim@b.wiq.example,nichts",
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_without_its_token(value: str) -> None:
    said = start(WIQ_CELLS=value)
    assert said.returncode != 0
    assert "WIQ_CELLS can't be read" in said.stderr.splitlines()[-1]
    assert "geheim" not in said.stderr
    assert "WIQ_MAX_DISTRICTS" in start(WIQ_MAX_DISTRICTS="viele").stderr.splitlines()[-1]
