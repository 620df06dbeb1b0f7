"""Second factors: kept encrypted, and taken in the half minute before as well, once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, District
from wiq.accounts import factors
from wiq.accounts.models import User
from wiq.signing import keys

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EDITOR = "editor@nord.example"


@pytest.fixture
def secured(nord: District) -> User:
    """The editor, with an app and recovery codes."""
    with nord.inside():
        user = User.objects.get(email=EDITOR)
        TOTP.activate(user, SEED)
        RecoveryCodes.activate(user)
    return user


def code(periods: int = 0) -> str:
    return format_hotp_value(hotp_value(SEED, int(timezone.now().timestamp()) // 30 + periods))


def second_step(district: District, typed: str) -> Any:
    client = district.client()
    answer = client.post("/anmelden/", {"login": EDITOR, "password": PASSWORD})
    assert answer.status_code == 302
    return client.post("/anmelden/zweiter-faktor/authenticate/", {"code": typed})


def test_no_seed_stands_in_the_database_and_codes_work(nord: District, secured: User) -> None:
    with nord.inside():
        rows = list(Authenticator.objects.order_by("type"))
        codes = RecoveryCodes(rows[0]).generate_codes()
        assert SEED not in str([row.data for row in rows])
        assert len(str(rows[0].data["seed"])) > 100
    assert second_step(nord, code()).status_code == 302
    assert second_step(nord, codes[0]).status_code == 302
    assert second_step(nord, codes[0]).status_code == 200


def test_seeds_of_before_work_and_are_encrypted_in_the_night(
    nord: District, secured: User, settings: Any
) -> None:
    with nord.inside():
        Authenticator.objects.filter(type="totp").update(data={"secret": SEED})
        assert Authenticator.objects.get(type="totp").wrap().validate_code(code())
        assert factors.encrypt_all() == 1
        assert SEED not in str(Authenticator.objects.get(type="totp").data)
        assert factors.encrypt_all() == 0
        # A new SECRET_KEY: the former one reads, the night writes with the new one.
        settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 50
        assert factors.decrypted(Authenticator.objects.get(type="totp").data["secret"]) == SEED
        assert factors.encrypt_all() == 2
        settings.SECRET_KEY_FALLBACKS = []
        assert factors.decrypted(Authenticator.objects.get(type="totp").data["secret"]) == SEED
    keys.made_of.cache_clear()


@pytest.mark.parametrize(
    ("periods", "status"), [(-2, 200), (-1, 302), (0, 302), (1, 302), (2, 200)]
)
def test_the_code_of_the_half_minute_before_is_taken_and_no_older_one(
    nord: District, secured: User, periods: int, status: int
) -> None:
    cache.clear()
    assert second_step(nord, code(periods)).status_code == status


def test_a_code_is_taken_once_for_as_long_as_it_could_be(nord: District, secured: User) -> None:
    seen = code(1)
    assert second_step(nord, seen).status_code == 302
    for seconds in (1, 35):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
            assert second_step(nord, seen).status_code == 200
    assert second_step(nord, seen[:3] + " " + seen[3:]).status_code == 200


def test_anothers_code_is_none(nord: District, secured: User) -> None:
    client = Client(headers={"host": "nord.localhost"})
    assert (
        client.post("/anmelden/zweiter-faktor/authenticate/", {"code": code()}).status_code == 302
    )
    with nord.inside():
        assert not Authenticator.objects.filter(user__email="coordinator@nord.example").exists()
