"""A mailbox is proven by a code that holds half an hour, counts its tries and names nobody else."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from directory.contact import mailboxes
from directory.contact.models import MailboxProof
from directory.people.models import Team
from tests.cast import ACTOR, District
from tests.locks import row_locks
from wiq.audit.models import Entry
from wiq.mail.models import Message

NOON = datetime.fromisoformat("2026-11-20T12:00:00+01:00")


def ask(email: str = "neu@nord.example") -> str:
    """Ask for a code and return it as the mail has it."""
    mailboxes.ask(email, actor=ACTOR)
    text = Message.objects.filter(kind="contact.mailbox").latest("pk").text
    return re.findall(r"^\d{6}$", text, re.MULTILINE)[0]


@pytest.mark.parametrize(("seconds", "holds"), [(1800, True), (1801, False)])
def test_a_code_holds_half_an_hour(nord: District, seconds: int, holds: bool) -> None:
    with nord.inside():
        with time_machine.travel(NOON, tick=False):
            code = ask()
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            if holds:
                mailboxes.prove(code, actor=ACTOR)
            else:
                with pytest.raises(ValidationError, match="abgelaufen"):
                    mailboxes.prove(code, actor=ACTOR)
        assert mailboxes.is_proven() is holds


def test_the_fifth_try_may_be_the_right_one_and_the_sixth_not(nord: District) -> None:
    with nord.inside():
        code = ask()
        wrong = "000000" if code != "000000" else "111111"
        for tries in (4, 5):
            code = ask()
            for _number in range(tries):
                with pytest.raises(ValidationError, match="stimmt nicht"):
                    mailboxes.prove(wrong if wrong != code else "222222", actor=ACTOR)
            if tries == 4:
                assert mailboxes.prove(code, actor=ACTOR).proven_at is not None
            else:
                with pytest.raises(ValidationError, match="zu oft"):
                    mailboxes.prove(code, actor=ACTOR)


def test_a_new_code_ends_the_older_one_and_keeps_no_older_address(nord: District) -> None:
    with nord.inside():
        mailboxes.prove(ask("alt@nord.example"), actor=ACTOR)
        code = ask("neu@nord.example")
        assert not mailboxes.is_proven()
        assert [proof.email for proof in MailboxProof.objects.all()] == ["neu@nord.example"]
        mailboxes.prove(code, actor=ACTOR)
        assert mailboxes.is_proven()


def test_the_proof_holds_for_the_same_address_in_other_letters_alone(nord: District) -> None:
    with nord.inside():
        mailboxes.prove(ask("Neu@nord.example"), actor=ACTOR)
        support = Team.objects.filter(kind="support")
        for address, holds in (("NEU@nord.example", True), ("neue@nord.example", False)):
            support.update(contact_email=address)
            assert mailboxes.is_proven() is holds


def test_a_code_of_one_district_proves_nothing_in_the_other(nord: District, sued: District) -> None:
    with nord.inside():
        code = ask()
    with sued.inside():
        with pytest.raises(ValidationError, match="abgelaufen"):
            mailboxes.prove(code, actor=ACTOR)
        assert not mailboxes.is_proven()


def test_the_log_says_who_asked_who_proved_and_who_changed_the_team(nord: District) -> None:
    with nord.inside():
        before = Entry.objects.latest("pk").pk
        code = ask()
        mailboxes.prove(code, actor="kim")
        later = Entry.objects.filter(pk__gt=before).order_by("pk")
        assert list(later.values_list("action", "actor")) == [
            ("team.updated", ACTOR),
            ("mailbox.asked", ACTOR),
            ("mailbox.proven", "kim"),
        ]


def test_two_who_try_at_once_are_counted_one_after_the_other(nord: District) -> None:
    with nord.inside():
        code = ask()
        with row_locks() as locked:
            mailboxes.prove(code, actor=ACTOR)
    assert "contact_mailboxproof" in locked
