"""What the doctor says: what is well, what is not, and what to do about it."""

import time
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test import Client
from django_redis import get_redis_connection

from tenants.provisioning import looks as provisioning
from tests.cast import District
from tests.mails import caught, deliver_public
from tests.stack.running import RunningStack
from wiq import signs
from wiq.doctor import backups, clock_sync, database, findings, looks
from wiq.doctor.findings import Finding, Look, Seen, Verdict, examine
from wiq.doctor.parts import PARTS
from wiq.health import PARTS as HEALTH
from wiq.mail import probe
from wiq.mail.models import Message

PAGE = "/plattform/doktor/"


@pytest.fixture
def in_production(settings: Any) -> None:
    settings.WIQ_ORIGIN_SCHEME = "https"


def ill(found: Any) -> list[str]:
    return [one.text for one in found if one.verdict is Verdict.ILL]


def test_a_stack_that_was_just_started_is_well_and_a_test_mail_goes_out(
    stack: RunningStack,
) -> None:
    said = stack.manage_command("doctor", "--mail", "doktor@beispiel.example")
    assert "!!" not in said
    for words in ("ok  Versions:", "PostgreSQL 18", "ok  Parts: All parts work", "ok  Clocks:",
                  "??  Backup: Nothing is known", "ok  Test mail: The mail server accepted it"):  # fmt: skip
        assert words in said, said


def test_what_is_wrong_is_said_with_what_to_do_and_the_command_fails(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError) as error:  # neither worker nor beat run here
        call_command("doctor")
    assert error.value.returncode == 1
    said = capsys.readouterr().out
    assert "!!  Parts: No worker shows a sign of life" in said
    assert "      Restart the worker and read its log." in said


def test_every_part_of_the_health_page_has_its_words() -> None:
    assert set(PARTS) == set(HEALTH)


def test_a_look_that_fails_is_a_finding_and_the_others_go_on(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> list[Finding]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return []

    def fine() -> list[Finding]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return [findings.well("gut")]

    monkeypatch.setattr(findings, "looks", [Look(2, "zwei", fine), Look(1, "eins", broken)])
    first, second = examine()
    assert (first.title, second.title) == ("eins", "zwei")
    assert "DataError" in ill(first.findings)[0] or "Division" in ill(first.findings)[0]
    assert second == Seen("zwei", (findings.well("gut"),))


def test_a_backup_that_nobody_made_lately_is_missed(db: None, in_production: None) -> None:
    assert ill(backups.look()) == ["Von einer Sicherung ist hier nichts bekannt."]
    call_command("note_backup")
    assert ill(backups.look()) == []
    get_redis_connection("platform").set(signs.PREFIX + signs.BACKUP, int(time.time() - 30 * 3600))
    assert ill(backups.look()) == ["Die letzte Sicherung ist 30 Stunden alt."]


def test_clocks_that_differ_are_found(db: None) -> None:
    assert ill(looks.clock()) == []
    with time_machine.travel(time.time() + 90):
        assert len(ill(looks.clock())) == 2


def test_the_login_of_web_and_worker_is_enough(db: None, in_production: None) -> None:
    assert ill(database.login()) == []


@pytest.mark.owner
def test_the_owners_login_is_too_much_on_a_server(db: None, in_production: None) -> None:
    assert ill(database.login()) == [
        "Diese Anmeldung ist die der Eigentümerin, wie für migrate_districts."
    ]


def test_the_roles_of_districts_are_looked_at(nord: District, sued: District) -> None:
    (only,) = provisioning.roles()
    assert only.verdict is Verdict.WELL


@pytest.mark.owner
def test_a_role_that_can_too_much_or_too_little_is_named_with_its_district(
    nord: District, sued: District
) -> None:
    mighty, shut_out = nord.row.schema_name, sued.row.schema_name
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER ROLE "{mighty}" LOGIN')
        cursor.execute(f'REVOKE USAGE ON SCHEMA "{shut_out}" FROM "{shut_out}"')
    assert set(ill(provisioning.roles())) == {
        f"{mighty}: Die Rolle in der Datenbank darf zu viel.",
        f"{shut_out}: Die Rolle in der Datenbank kommt nicht in ihr Schema.",
    }


def test_a_clock_that_nobody_keeps_is_said_on_a_server(
    in_production: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for is_kept, wrong in ((True, 0), (None, 0), (False, 1)):
        monkeypatch.setattr(clock_sync, "is_kept", lambda answer=is_kept: answer)
        assert len(ill(looks.kept_by_the_net())) == wrong
    monkeypatch.undo()
    assert clock_sync.is_kept() in (True, False, None)


def test_whatever_is_not_well_says_what_to_do(db: None, in_production: None) -> None:
    """Neither worker nor beat run here, nor does anything answer at the platform's host."""
    found = [one for part in examine() for one in part.findings]
    troubled = [one for one in found if one.verdict is not Verdict.WELL]
    assert len(troubled) > 3
    assert [one.text for one in troubled if not one.advice] == []


def test_who_waits_for_a_lock_and_who_holds_one_idly_is_seen(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ill(database.waiting()) == []
    monkeypatch.setattr(database, "LONG_IDLE", 0.0)
    monkeypatch.setattr(database, "LONG_BLOCKED", 0.0)
    others = [connections.create_connection("default") for _ in range(2)]
    try:
        others[0].set_autocommit(False)
        with others[0].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(4711)")
        with connection.cursor() as cursor:  # it would be read once in a transaction
            cursor.execute("SELECT pg_stat_clear_snapshot()")
        assert len(ill(database.waiting())) == 1
    finally:
        for one in others:
            one.close()


def test_a_long_queue_is_seen(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from wiq.doctor import valkey

    assert ill(valkey.queues()) == []
    monkeypatch.setattr(valkey, "LONG_QUEUE", -1)
    assert "In der Warteschlange mail warten 0 Aufträge." in ill(valkey.queues())


def test_a_test_mail_says_what_became_of_it(platform: Client, maildir: Any) -> None:
    message = probe.write("probe-doktor@beispiel.example")
    assert not probe.fate(message.uuid).is_decided
    deliver_public()
    assert probe.fate(message.uuid).is_sent
    (mail,) = caught(maildir, "probe-doktor@beispiel.example")
    assert mail["Subject"] == "Probe: Kommen unsere E-Mails an?"
    assert Message.objects.get(pk=message.pk).about_type == ""


def test_the_console_shows_it_to_the_project_team_alone(
    console: Client, platform: Client, nord: District
) -> None:
    server = get_redis_connection("platform")
    for name in (signs.WORKER, signs.BEAT):
        signs.leave(server, name)
    page = console.get(PAGE)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Alle Teile arbeiten" in text
    assert "haben die Tabellen dieser Version" in text
    assert nord.signed_in("coordinator").get(PAGE).status_code == 404
    assert Client(headers={"host": "localhost"}).get(PAGE).status_code == 302
