"""Two coordinators at the same moment: one of them stays, and the other reads why."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from tenants.districts.models import District as Row
from tenants.provisioning import removal
from tenants.provisioning.models import Removal
from tenants.provisioning.services import create_district
from tests.at_once import Started, held, until_waiting
from tests.cast import ACTOR, District
from tests.editing.opened import opened
from wiq.accounts import services
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import Role

SLUG = "zweisamkeit"
ROW = "SELECT 1 FROM accounts_user WHERE email = %s FOR UPDATE"


@pytest.fixture
def two(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """A district with two coordinators, committed: each works on a connection of its own."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        create_district(slug=SLUG, name="Zweisamkeit", city="Leipzig", actor=ACTOR)
        made = District(SLUG)
        with made.inside():
            for role in ("coordinator", "second"):
                services.create_account(email=f"{role}@{SLUG}.example", role=Role.COORDINATOR)
        yield made
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        removal.remove(Row.objects.get(slug=SLUG), reserve_name=False)
        Removal.objects.all().delete()


def demotion(district: District, by: str, of: str) -> Any:
    """Open the form of an account, and return the function that sends it with another role."""
    client = district.signed_in(by)
    with district.inside():
        number = User.objects.get(email=f"{of}@{SLUG}.example").pk
    url = f"/koordination/accounts/user/{number}/change/"
    fields = opened(client, url) | {"role": "editor"}
    return lambda: client.post(url, fields)


def coordinators() -> int:
    return int(User.objects.with_role(Role.COORDINATOR).count())


def test_of_two_who_demote_each_other_one_stays_and_the_other_reads_why(two: District) -> None:
    mine = demotion(two, "coordinator", "second")
    theirs = demotion(two, "second", "coordinator")
    # Somebody holds the first account until both are under way, the second coordinator before.
    with held(two, ROW, f"coordinator@{SLUG}.example"):
        first = Started(theirs)
        until_waiting(1)
        second = Started(mine)
        until_waiting(2)
    answers = [first.result(), second.result()]
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert "Das ist das letzte Konto mit der Rolle" in refused.content.decode()
    with two.inside():
        assert coordinators() == 1


def test_of_two_who_delete_each_other_one_stays_and_the_other_reads_why(two: District) -> None:
    with two.inside():
        users = list(User.objects.order_by("pk"))

    def remove(user: User) -> None:
        with two.inside(), transaction.atomic():
            services.remove_account(user, actor=ACTOR)

    with held(two, ROW, users[0].email):
        first = Started(lambda: remove(users[0]))
        until_waiting(1)
        second = Started(lambda: remove(users[1]))
        until_waiting(2)
    first.result()
    with pytest.raises(ValidationError, match="letzte Konto"):
        second.result()
    with two.inside():
        assert coordinators() == 1


def test_who_changes_an_account_that_was_deleted_meanwhile_reads_so(two: District) -> None:
    with two.inside():
        gone = User.objects.get(email=f"second@{SLUG}.example")
        services.remove_account(User.objects.get(pk=gone.pk), actor=ACTOR)
        for change in (
            lambda: services.remove_account(gone, actor=ACTOR),
            lambda: services.change_account(
                gone, actor=ACTOR, name="", role=Role.EDITOR, is_active=True
            ),
        ):
            with pytest.raises(ValidationError, match="gibt es nicht mehr"):
                change()


def test_of_two_who_invite_the_same_person_both_see_it_invited(two: District) -> None:
    def invite(by: str) -> Any:
        client = two.signed_in(by)
        typed = {"email": f"neu@{SLUG}.example", "name": "", "role": "editor"}
        return lambda: client.post("/koordination/accounts/invitation/add/", typed)

    both = [invite("coordinator"), invite("second")]
    # Reading goes on, and nobody can write an invitation until both are under way.
    with held(two, "LOCK TABLE accounts_invitation IN SHARE MODE"):
        started = [Started(one) for one in both]
        until_waiting(2)
    assert [one.result().status_code for one in started] == [302, 302]
    with two.inside():
        assert Invitation.objects.count() == 1
