"""What was erased or withdrawn stays so when a backup made before is restored.

The database goes back to a savepoint, as a restored backup does; the ledger lies beside it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.desk import subject_data
from directory.following import services as following
from directory.following.models import Subscription
from directory.people import services as people
from directory.people.consents import Consent
from directory.people.models import Person
from tenants.provisioning import erasures as restored
from tests.audited import said
from tests.cast import ACTOR, District, body
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.erasures import ledger, services
from wiq.erasures.models import Erasure

ERIKA = "erika@beispiel.example"
Commit = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def own_ledger(settings: Any, tmp_path: Path) -> Path:
    settings.WIQ_LEDGER = str(tmp_path / "ledger")
    return Path(settings.WIQ_LEDGER)


@contextmanager
def backup(commit: Commit) -> Iterator[None]:
    """Do something after a backup was made, keep it, and restore the backup."""
    made = transaction.savepoint()
    with commit(execute=True):
        yield
    transaction.savepoint_rollback(made)


def written_by(district: District, email: str = ERIKA) -> int:
    with district.inside():
        return ContactRequest.objects.from_address(email).count()


def write(*districts: District, email: str = ERIKA) -> None:
    for district in districts:
        district.client().post(
            "/api/v1/contact-requests/", body(email=email), content_type="application/json"
        )


def state(platform: Client) -> str:
    return str(platform.get("/health/ready").json()["erasures"])


def test_an_erased_address_is_erased_again_before_a_restored_platform_opens(
    nord: District, sued: District, platform: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    write(nord, sued)
    write(nord, email="otto@beispiel.example")
    with backup(django_capture_on_commit_callbacks), nord.inside():
        # As somebody else writes it: one mailbox is one.
        subject_data.erase("Erika@Beispiel.example", actor=ACTOR)
    assert written_by(nord) == 1
    assert platform.get("/health/ready").status_code == 503
    assert state(platform) == "failed: Restored"
    assert restored.repeat_all() == {"nord": 1}
    assert state(platform) == "ok"
    assert (written_by(nord), written_by(sued)) == (0, 1)
    assert written_by(nord, "otto@beispiel.example") == 1
    with nord.inside():
        assert said("subject.erased_again") == [("subject.erased_again", "system")]
    assert restored.repeat_all() == {}


def subscription(district: District) -> Any:
    following.subscribe(email="folgt@beispiel.example", solution_team=None, language="de")
    return Subscription.objects.get(email="folgt@beispiel.example")


def colleague(district: District) -> User:
    return accounts.create_account(email="geht@nord.example", role=Role.EDITOR)


KINDS: dict[str, tuple[Callable[[District], Any], Callable[[Any], Any], Callable[[Any], bool]]] = {
    "subscription": (
        subscription,
        lambda row: following.remove(row),
        lambda row: Subscription.objects.filter(pk=row.pk).exists(),
    ),
    "consent": (
        lambda district: Consent.objects.get(person__slug="ada"),
        lambda row: people.withdraw_consent(row, actor=ACTOR),
        lambda row: Consent.objects.filter(pk=row.pk, withdrawn_on__isnull=True).exists(),
    ),
    "person": (
        lambda district: Person.objects.get(slug="cem"),
        lambda row: people.remove(Person.objects.get(pk=row.pk), actor=ACTOR),
        lambda row: Person.objects.filter(pk=row.pk).exists(),
    ),
    "account": (
        colleague,
        lambda row: accounts.remove_account(row, actor=ACTOR),
        lambda row: User.objects.filter(email=row.email).exists(),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_withdrawn_or_removed_does_not_come_back(
    nord: District, sued: District, kind: str, django_capture_on_commit_callbacks: Commit
) -> None:
    make, end, is_there = KINDS[kind]
    with nord.inside():
        row = make(nord)
    with backup(django_capture_on_commit_callbacks), nord.inside():
        end(row)
        assert not is_there(row)
    with nord.inside():
        assert is_there(row)
    restored.repeat_all()
    with nord.inside():
        assert not is_there(row)
        assert User.objects.filter(role=Role.COORDINATOR).exists()
        assert Consent.objects.filter(person__slug="cem").exists() is (kind != "person")
    with sued.inside():
        assert Consent.objects.filter(person__slug="ada", withdrawn_on__isnull=True).exists()


def test_whoever_comes_back_after_the_restore_stays(
    nord: District, django_capture_on_commit_callbacks: Commit
) -> None:
    write(nord)
    with backup(django_capture_on_commit_callbacks), nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
    restored.repeat_all()
    write(nord)
    assert restored.repeat_all() == {}
    assert written_by(nord) == 1


def test_the_command_that_brings_a_database_to_this_version_erases_too(
    nord: District, django_capture_on_commit_callbacks: Commit, capsys: pytest.CaptureFixture[str]
) -> None:
    write(nord)
    with backup(django_capture_on_commit_callbacks), nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
    call_command("repeat_erasures")
    assert "nord: 1 erasures" in capsys.readouterr().out
    assert written_by(nord) == 0


def test_a_start_looks_only_into_districts_that_the_ledger_names(
    nord: District,
    sued: District,
    django_capture_on_commit_callbacks: Commit,
) -> None:
    write(nord)
    write(sued)
    with CaptureQueriesContext(connection) as asked:
        assert restored.repeat_named() == {}
    assert not [one for one in asked if "erasures_erasure" in one["sql"]]
    with backup(django_capture_on_commit_callbacks), nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
    assert restored.repeat_named() == {"nord": 1}
    assert (written_by(nord), written_by(sued)) == (0, 1)


def test_the_last_coordinator_of_a_restored_district_is_not_locked_out(
    nord: District, django_capture_on_commit_callbacks: Commit
) -> None:
    with backup(django_capture_on_commit_callbacks), nord.inside():
        accounts.create_account(email="neu@nord.example", role=Role.COORDINATOR)
        old = User.objects.get(email="coordinator@nord.example")
        accounts.remove_account(old, actor=ACTOR)
    assert restored.repeat_all() == {"nord": 1}
    with nord.inside():
        assert User.objects.filter(email="coordinator@nord.example").exists()


# -- the ledger itself


def test_the_ledger_names_nobody_and_is_the_owners_alone(
    nord: District, own_ledger: Path, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True), nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
        [row] = Erasure.objects.filter(kind="address")
    text = ledger.path().read_text()
    assert "erika" not in text
    assert services.key_of(nord.row).hex() not in text
    [line] = ledger.lines()
    assert (line.schema, line.mark) == (nord.row.schema_name, row.mark)
    assert ledger.path().stat().st_mode & 0o777 == 0o600
    assert own_ledger.stat().st_mode & 0o777 == 0o700


def test_two_districts_mark_one_address_differently(nord: District, sued: District) -> None:
    marks = {
        services.mark_of(services.key_of(district.row), "address", ERIKA)
        for district in (nord, sued)
    }
    assert len(marks) == 2
    assert services.key_of(nord.row) == services.key_of(nord.row)


def test_an_erasure_is_done_and_kept_where_the_ledger_cannot_be_written(
    nord: District, settings: Any, tmp_path: Path, platform: Client,
    django_capture_on_commit_callbacks: Commit,
) -> None:  # fmt: skip
    write(nord)
    (tmp_path / "voll").write_text("no folder")
    settings.WIQ_LEDGER = str(tmp_path / "voll" / "ledger")
    with django_capture_on_commit_callbacks(execute=True), nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
    assert written_by(nord) == 0
    assert state(platform).startswith("failed: ")
    with nord.inside():
        assert Erasure.objects.filter(written_at__isnull=True).count() == 1
    settings.WIQ_LEDGER = str(tmp_path / "wieder")
    with nord.inside():
        assert services.write() == 1
        assert services.write() == 0
    assert len(list(ledger.lines())) == 1
    assert state(platform) == "ok"


def test_an_erasure_that_is_rolled_back_is_in_no_ledger(
    nord: District, django_capture_on_commit_callbacks: Commit
) -> None:
    with (
        pytest.raises(RuntimeError),
        django_capture_on_commit_callbacks(execute=True),
        nord.inside(),
        transaction.atomic(),
    ):
        subject_data.erase(ERIKA, actor=ACTOR)
        raise RuntimeError
    assert list(ledger.lines()) == []


def line(number: int, days: int = 0) -> ledger.Line:
    at = timezone.now() - timedelta(days=days)
    return ledger.Line(str(number), "d_0000000000000001", "k", "address", "m", at.isoformat())


def test_a_line_that_broke_off_takes_no_other_with_it() -> None:
    ledger.append([line(1)])
    with ledger.path().open("ab") as file:
        file.write(b'{"uuid": "half')
    ledger.append([line(2)])
    assert [one.uuid for one in ledger.lines()] == ["1", "2"]
    assert [one.uuid for one in ledger.newest()] == ["2", "1"]


def test_the_ledger_forgets_what_no_backup_can_bring_back() -> None:
    ledger.append([line(1, days=401), line(2, days=399), line(3)])
    assert ledger.forget_before(timezone.now() - timedelta(days=400)) == 1
    ledger.append([line(4)])
    assert [one.uuid for one in ledger.lines()] == ["2", "3", "4"]
    assert ledger.path().stat().st_mode & 0o777 == 0o600


def test_a_district_that_is_gone_holds_nobody_up(platform: Client) -> None:
    ledger.append([line(1)])
    assert state(platform) == "ok"
    assert restored.repeat_all() == {}
