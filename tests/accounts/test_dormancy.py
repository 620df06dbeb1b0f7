"""Accounts that nobody uses are told, then closed; names in the log are forgotten in time."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from tenants.console.tasks import nightly
from tenants.provisioning import functions
from tests.audited import said
from tests.cast import PASSWORD, District, project_team
from wiq.accounts import dormancy, services
from wiq.accounts.models import ApiToken, User
from wiq.accounts.roles import Role
from wiq.audit import services as audit
from wiq.audit.models import Entry
from wiq.mail.models import Message

EDITOR = "editor@nord.example"


def later(days: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days))


def is_open(email: str = EDITOR) -> bool:
    return bool(User.objects.get(email=email).is_active)


def test_a_year_without_a_visit_closes_an_account_a_month_after_a_mail(nord: District) -> None:
    with later(334), nord.inside():
        assert dormancy.tend() == 0
    with later(336), nord.inside():
        assert dormancy.tend() == 2
        assert {message.to for message in Message.objects.all()} == {
            EDITOR,
            "coordinator@nord.example",
        }
        assert dormancy.tend() == 0
    with later(365), nord.inside():
        assert dormancy.tend() == 0
        assert is_open()
    with later(367), nord.inside():
        assert dormancy.tend() == 1
        assert not is_open()
        assert ("account.changed", "system") in said("account.")
        # The last one with full responsibility stays.
        assert is_open("coordinator@nord.example")


def test_whoever_signs_in_or_runs_a_script_keeps_the_account(nord: District) -> None:
    with nord.inside():
        services.create_account(email="skript@nord.example", role=Role.EDITOR)
        services.create_token(User.objects.get(email="skript@nord.example"), days=1000)
    with later(336), nord.inside():
        dormancy.tend()
    with later(350):
        sent = {"login": EDITOR, "password": PASSWORD}
        assert nord.client().post("/anmelden/", sent).status_code == 302
        with nord.inside():
            ApiToken.objects.update(last_used_at=timezone.now())
    with later(380), nord.inside():
        dormancy.tend()
        assert is_open()
        assert is_open("skript@nord.example")
        assert Message.objects.filter(to=EDITOR).count() == 1
    with later(690), nord.inside():
        dormancy.tend()
        assert Message.objects.filter(to=EDITOR).count() == 2
        assert is_open()


def test_a_closed_one_can_be_opened_again_and_has_another_year(nord: District) -> None:
    for days in (336, 367):
        with later(days), nord.inside():
            dormancy.tend()
    with later(400), nord.inside():
        user = User.objects.get(email=EDITOR)
        services.change_account(user, actor="test", name="", role=Role.EDITOR, is_active=True)
        dormancy.tend()
    with later(440), nord.inside():
        dormancy.tend()
        assert is_open()


def entry(actor: str, years: float) -> int:
    with later(-round(365 * years)):
        return int(audit.record_event("account.signed_in", None, actor=actor).pk)


def test_names_in_a_log_are_forgotten_after_two_years_and_words_stay(
    nord: District, sued: District
) -> None:
    with nord.inside():
        old, recent = entry(EDITOR, 2.1), entry(EDITOR, 1.9)
        visit, word = entry("Erika Projekt", 3), entry("mail-link", 3)
    with sued.inside():
        other = entry("editor@sued.example", 3)
    assert functions.forget_actors(nord.row.schema_name) == 2
    with nord.inside():
        actors = dict(Entry.objects.values_list("pk", "actor"))
    assert (actors[old], actors[recent]) == ("former", EDITOR)
    assert (actors[visit], actors[word]) == ("former", "mail-link")
    with sued.inside():
        assert Entry.objects.get(pk=other).actor == "editor@sued.example"
    assert functions.forget_actors(nord.row.schema_name) == 0


def test_the_night_of_the_platform_forgets_in_every_log(nord: District) -> None:
    with nord.inside():
        old = entry(EDITOR, 3)
    own = entry("team@plattform.example", 3)
    nightly.apply(headers={"_schema_name": "public"}, throw=True)
    with nord.inside():
        assert Entry.objects.get(pk=old).actor == "former"
    assert Entry.objects.get(pk=own).actor == "former"
    assert project_team().is_active


@pytest.mark.parametrize("name", ["d_1; DROP TABLE x", "pg_catalog", "d_00"])
def test_the_function_takes_the_name_of_a_district_and_nothing_else(db: None, name: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        functions.forget_actors(name)
    assert connection.schema_name == "public"  # type: ignore[attr-defined]
