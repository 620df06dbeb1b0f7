"""Accounts as they change: what goes with them, who stays, what is recorded, who may do what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils import timezone
from knox.models import AuthToken

from tests.audited import details, said
from tests.cast import ACTOR, District
from tests.locks import row_locks
from wiq.accounts import services
from wiq.accounts.models import User
from wiq.accounts.roles import Role, allows

MOMENT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)


def account(district: District, role: str = "coordinator") -> User:
    return User.objects.get(email=f"{role}@{district.slug}.example")


def switched(user: User, *, is_active: bool, role: Role = Role.EDITOR) -> User:
    return services.change_account(user, actor=ACTOR, name="", role=role, is_active=is_active)


def test_tokens_end_with_their_account_and_do_not_come_back_with_it(nord: District) -> None:
    token, kept = nord.token("editor"), nord.token("coordinator")
    with nord.inside():
        switched(account(nord, "editor"), is_active=False)
        assert AuthToken.objects.get().user == account(nord)
        switched(account(nord, "editor"), is_active=True)
    for word, status in ((token, 401), (kept, 200)):
        client = nord.client(authorization=f"Bearer {word}")
        assert client.get("/api/v1/teams/").status_code == status


def test_a_change_of_name_ends_no_token(nord: District) -> None:
    nord.token("editor")
    with nord.inside():
        switched(account(nord, "editor"), is_active=True)
        assert AuthToken.objects.count() == 1


@pytest.mark.parametrize(
    "second",
    [
        {"expires_at": timezone.now() + timedelta(days=1000)},  # somebody on a visit
        {"is_active": False},
        {"role": Role.EDITOR},
    ],
    ids=["visitor", "switched off", "editor"],
)
def test_the_last_coordinator_stays_whoever_else_is_there(
    nord: District, second: dict[str, Any]
) -> None:
    with nord.inside():
        last = account(nord)
        other = services.create_account(email="zwei@nord.example", role=Role.COORDINATOR)
        services.check_may_leave(last)
        User.objects.filter(pk=other.pk).update(**second)
        with pytest.raises(ValidationError, match="letzte Konto"):
            services.check_may_leave(last)
        with pytest.raises(ValidationError, match="letzte Konto"):
            switched(last, is_active=True)
        with pytest.raises(ValidationError, match="letzte Konto"):
            services.remove_account(last, actor=ACTOR)
        services.remove_account(User.objects.get(pk=other.pk), actor=ACTOR)
        assert account(nord) == last


def test_a_removed_account_leaves_neither_token_nor_factor_nor_address(nord: District) -> None:
    nord.token("editor")
    nord.token("coordinator")
    with nord.inside():
        user = account(nord, "editor")
        for each in (user, account(nord)):
            Authenticator.objects.create(user=each, type=Authenticator.Type.TOTP, data={})
        services.remove_account(user, actor=ACTOR)
        for model in (AuthToken, Authenticator, EmailAddress):
            assert [row.user for row in model._default_manager.all()] == [account(nord)]


def test_whatever_happens_to_an_account_is_recorded_with_who_did_it(nord: District) -> None:
    with nord.inside():
        boss = account(nord)
        before = len(said("account.", "token."))
        user = services.create_account(email="neu@nord.example", role=Role.EDITOR)
        services.create_token(user)
        services.set_password(user, "noch ein langes Kennwort", actor=boss)
        services.change_account(user, actor=boss, name="Neu", role=Role.EDITOR, is_active=False)
        services.remove_account(user, actor=boss)
        assert said("account.", "token.")[before:] == [
            ("account.created", "system"),
            ("token.created", "neu@nord.example"),
            ("account.password_set", boss.email),
            ("token.all_ended", boss.email),
            ("account.changed", boss.email),
            ("account.removed", boss.email),
        ]
        assert details("account.created")[-1] == {"role": "editor"}
        assert details("account.changed") == [{"role": "editor", "is_active": False}]


@pytest.mark.parametrize("leave", ["change", "remove"])
def test_who_leaves_and_who_would_stay_are_held_until_it_is_decided(
    nord: District, leave: str
) -> None:
    with nord.inside():
        editor = account(nord, "editor")
        with row_locks() as locked:
            if leave == "change":
                switched(editor, is_active=False)
            else:
                services.remove_account(editor, actor=ACTOR)
        # The coordinators first, then the account itself.
        assert locked.count("accounts_user") == 2


def test_an_address_is_taken_in_whatever_letters_it_is_written(nord: District) -> None:
    with nord.inside():
        # As a file from elsewhere may have brought it.
        User.objects.filter(email="editor@nord.example").update(email="Editor@Nord.example")
        with pytest.raises(ValidationError, match="schon ein Konto"):
            services.create_account(email="editor@nord.example", role=Role.EDITOR)


@pytest.mark.parametrize(
    ("seconds", "is_active", "may"),
    [(-1, True, True), (0, True, False), (1, True, False), (-1, False, False)],
)
def test_a_visitor_may_act_until_the_very_moment_the_visit_ends(
    seconds: int, is_active: bool, may: bool
) -> None:
    visitor = User(role=Role.COORDINATOR, expires_at=MOMENT, is_active=is_active)
    with time_machine.travel(MOMENT + timedelta(seconds=seconds), tick=False):
        assert visitor.is_staff is may
        assert visitor.has_perm("people.change_team") is may
        assert visitor.has_module_perms("people") is may


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            Role.EDITOR,
            ("people.change_person", "people.delete_seat", "solutions.add_picture", "pages.add_news"),
            (
                *("people.view_consent", "contact.view_contactrequest", "ideas.view_idea"),
                *("following.view_subscription", "following.change_subscription"),
                *("mail.view_message", "audit.view_entry"),
                *("accounts.view_user", "accounts.add_invitation", "districts.view_district"),
            ),
        ),
        (
            Role.COORDINATOR,
            ("people.add_consent", "ideas.change_idea", "accounts.delete_user", "audit.view_entry"),
            (
                *("contact.delete_contactrequest", "ideas.delete_idea", "ideas.add_idea"),
                *("following.add_subscription", "mail.change_message", "mail.delete_message"),
                *("audit.change_entry", "audit.delete_entry", "districts.change_district"),
            ),
        ),
        (
            Role.PROJECT_TEAM,
            (
                *("districts.change_district", "applications.change_application"),
                *("kit.add_kititem", "mail.view_message"),
            ),
            (
                *("districts.add_district", "districts.delete_district", "audit.delete_entry"),
                *("districts.delete_operator", "provisioning.change_order", "console.change_vital"),
                *("applications.delete_application", "people.view_person", "mail.change_message"),
            ),
        ),
    ],
)  # fmt: skip
def test_each_role_may_what_its_work_needs_and_no_more(
    role: Role, may: tuple[str, ...], may_not: tuple[str, ...]
) -> None:
    assert [permission for permission in may if not allows(role, permission)] == []
    assert [permission for permission in may_not if allows(role, permission)] == []
