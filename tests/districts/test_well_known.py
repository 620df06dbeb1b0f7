"""What programs ask for by agreement: whom to tell of a weakness, where a password is changed."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tenants.districts.models import PlatformOperator
from tests.cast import District, put

SECURITY, PASSWORD = "/.well-known/security.txt", "/.well-known/change-password"


def fields(answer: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in answer.splitlines())


def test_security_txt_names_whoever_runs_the_platform(
    nord: District, sued: District, platform: Client
) -> None:
    before = fields(platform.get(SECURITY).content.decode())
    assert before["Contact"] == "http://localhost:8000/impressum/"
    PlatformOperator.objects.create(number=1, legal_name="Verein", email="sicher@verein.example")
    for client, host in (
        (platform, "localhost"), (nord.client(), nord.host), (sued.client(), sued.host)
    ):  # fmt: skip
        answer = client.get(SECURITY)
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        said = fields(answer.content.decode())
        assert said["Contact"] == "mailto:sicher@verein.example"
        assert said["Canonical"] == f"http://{host}:8000{SECURITY}"


@pytest.mark.parametrize("day", ["2026-02-28", "2028-02-29", "2026-12-31"])
def test_security_txt_is_good_for_less_than_a_year(nord: District, day: str) -> None:
    with time_machine.travel(f"{day}T23:30:00Z", tick=False):
        until = fields(nord.client().get(SECURITY).content.decode())["Expires"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", until)
        left = datetime.fromisoformat(until) - timezone.now()
    assert timedelta(days=150) < left < timedelta(days=365)


@pytest.mark.parametrize("state", ["draft", "hidden", "suspended", "archived"])
def test_they_answer_in_every_state_of_a_district(nord: District, state: str) -> None:
    put(nord.row, state)
    assert nord.client().get(SECURITY).status_code == 200
    assert nord.client().get(PASSWORD)["Location"] == "/anmelden/passwort/"
    assert nord.client().get("/favicon.ico")["Location"] == "/symbol.svg"
    # What a password manager asks first to know whether a server answers everything alike.
    strange = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200"
    assert nord.client().get(strange).status_code == 404
