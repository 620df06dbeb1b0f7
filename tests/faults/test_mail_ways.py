"""Mail both ways, through real servers, while parts break: nothing is lost, nothing strays."""

import pytest

from bench.ways.machine import opened
from tests.inbound.servers import ARE_THERE

pytestmark = pytest.mark.skipif(
    not ARE_THERE, reason="needs root, postfix, dovecot-imapd and -lmtpd"
)


def holds(count: int, seed: int) -> None:
    with opened() as ways:
        done = ways.flood(count, seed)
        assert not done.wrong, f"{done}\n{ways.stack.last_words()}"


@pytest.mark.thorough
def test_mails_both_ways_are_neither_lost_nor_misplaced_and_forged_ones_join_nothing(
    seed: int,
) -> None:
    holds(300, seed)


@pytest.mark.exhaustive
def test_ten_thousand_mails_both_ways(seed: int) -> None:
    holds(10_000, seed)
