"""Ten thousand erasures since the backup: every one is done again, and nobody else is touched."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from directory.following.models import Subscription
from tenants.provisioning import erasures as restored
from tests.cast import District
from wiq.erasures import checking, ledger, services
from wiq.erasures.models import Erasure

OTHERS = 300


def followers(kind: str, count: int) -> list[str]:
    """Let so many people follow the current district, as the restored backup has them."""
    emails = [f"{kind}-{number}@zehntausend.example" for number in range(count)]
    Subscription.objects.bulk_create(
        [Subscription(email=email, language="de", token=uuid4().hex) for email in emails],
        batch_size=2000,
    )
    return emails


def erased_since(district: District, emails: list[str]) -> None:
    """Write into the ledger that these addresses were erased after the backup was made."""
    key = services.key_of(district.row)
    at = (timezone.now() - timedelta(hours=3)).isoformat()
    ledger.append(
        ledger.Line(
            str(uuid4()), district.row.schema_name, services.name_of_key(key), "address",
            services.mark_of(key, services.ADDRESS, services.of_address(email)), at,
        )
        for email in emails
    )  # fmt: skip


def again(nord: District, sued: District, count: int) -> float:
    """Restore, erase again, and look at everybody; return the seconds that it took."""
    with nord.inside():
        gone = followers("geht", count)
        stay = followers("bleibt", OTHERS)
    with sued.inside():
        followers("geht", OTHERS)
    erased_since(nord, gone)
    with pytest.raises(checking.Restored):
        checking.check()
    started = time.monotonic()
    assert restored.repeat_all() == {"nord": count}
    took = time.monotonic() - started
    checking.check()
    with nord.inside():
        left = Subscription.objects.filter(email__endswith="@zehntausend.example")
        assert set(left.values_list("email", flat=True)) == set(stay)
        assert Erasure.objects.filter(kind="address").count() == count
    with sued.inside():
        assert Subscription.objects.count() == OTHERS
    assert restored.repeat_all() == {}
    return took


@pytest.fixture(autouse=True)
def own_ledger(settings: Any, tmp_path: Path) -> None:
    settings.WIQ_LEDGER = str(tmp_path / "ledger")


@pytest.mark.thorough
def test_a_thousand_erasures_are_done_again(nord: District, sued: District) -> None:
    again(nord, sued, 1_000)


@pytest.mark.exhaustive
def test_ten_thousand_erasures_are_done_again(nord: District, sued: District) -> None:
    took = again(nord, sued, 10_000)
    print(f"10,000 erasures done again in {took:.0f} s")  # noqa: T201
