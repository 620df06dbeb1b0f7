"""Production refuses to start where it would be unsafe, and says why."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "WIQ_ENV": "production",
    "WIQ_DOMAIN": "wiq.example",
    "SECRET_KEY": "x" * 50,
    "WIQ_DEBUG": "",
}


def start(code: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | GOOD | changes
    environment = {name: value for name, value in environment.items() if value}
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {code}"],
        env=environment,
        capture_output=True,
        text=True,
    )


def test_good_settings_start() -> None:
    result = start()
    assert result.returncode == 0, result.stderr


@pytest.mark.thorough
def test_the_style_page_is_not_there_in_production() -> None:
    ask = "from django.urls import resolve; print(resolve('/stil/', 'wiq.urls.district').view_name)"
    assert start(ask, WIQ_ENV="").stdout.strip() == "style"
    assert "Resolver404" in start(ask).stderr


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY_FALLBACKS": f"{'x' * 50},short"}, "SECRET_KEY_FALLBACKS"),
        ({"WIQ_DOMAIN": "*"}, "WIQ_DOMAIN"),
        ({"WIQ_DOMAIN": "*.wiq.example"}, "WIQ_DOMAIN"),
        ({"WIQ_DOMAIN": ""}, "WIQ_DOMAIN"),
        ({"WIQ_DEBUG": "1"}, "WIQ_DEBUG"),
        ({"WIQ_ENV": "staging"}, "WIQ_ENV"),
    ],
)
def test_unsafe_settings_are_refused_with_their_name(changes: dict[str, str], why: str) -> None:
    result = start(**changes)
    assert result.returncode != 0
    assert why in result.stderr.splitlines()[-1]
