"""A move between two installations, played in one database: out, removed, and in again."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tenants.districts import moves
from tenants.districts.models import District as Row
from tenants.moving.packing import pack
from tenants.moving.unpacking import unpack
from tenants.provisioning import making, removal
from tests.cast import ACTOR, District
from tests.transfer.files import fill
from wiq.erasures import ledger

Move = Callable[[District], None]


def packed(district: District) -> bytes:
    target = io.BytesIO()
    pack(district.row, target, there={})
    return target.getvalue()


def settled(came: tuple[Row, dict[str, Any]]) -> Row:
    """Let a district that has arrived answer here, in the state that it had."""
    district, own = came
    return moves.settle(district, own["state"], since=timezone.now(), actor=ACTOR)


@pytest.fixture
def elsewhere(settings: Any) -> Callable[[], None]:
    """Let this be another installation from now on: what was sealed before is unreadable."""

    def become() -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another installation's " * 3, []

    return become


@pytest.fixture
def move(elsewhere: Callable[[], None], django_capture_on_commit_callbacks: Any) -> Move:
    """Move a district: afterwards its name leads to the row in the new place."""

    def moved(district: District) -> None:
        sent = packed(district)
        with django_capture_on_commit_callbacks(execute=True):
            removal.remove(district.row, reserve_name=False)
        ledger.path().unlink(missing_ok=True)
        elsewhere()
        with django_capture_on_commit_callbacks(execute=True):
            settled(unpack(io.BytesIO(sent), actor=ACTOR))

    return moved


@pytest.fixture
def filled(nord: District) -> District:
    """Nord with pictures, a request and the mails about it."""
    fill(nord)
    return nord


@pytest.fixture
def sent(filled: District) -> bytes:
    """What Nord sends; it has left its old place."""
    sent = packed(filled)
    removal.remove(filled.row, reserve_name=False)
    making.take_back_unfinished()
    return sent
