"""A district whose migration fails: it is closed and named, all others go on, and it is mended."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations import CreateModel
from django.test import Client

from tenants.console.tasks import count_all
from tenants.districts.models import District as Row
from tenants.districts.models import State
from tenants.lifecycle import tasks
from tenants.provisioning import coordinators, migrating
from tenants.visits import support
from tests.audited import said
from tests.cast import ACTOR, District, body, project_team, put
from tests.newest import newest
from wiq.database import as_owner

pytestmark = pytest.mark.owner
# Already there, so that adding it once more fails: a real migration with a real error.
ONCE_MORE = newest("people", making=CreateModel)
NAME = ".".join(ONCE_MORE)
RECORD = "django_migrations WHERE app = %s AND name = %s"
PUBLIC = {"_schema_name": "public"}


def forget_that_it_ran(district: District) -> None:
    with district.inside(), as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {RECORD}", ONCE_MORE)
        assert cursor.rowcount == 1


def remember_that_it_ran(district: District) -> None:
    with district.inside(), as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", ONCE_MORE
        )


def migrate(*options: str) -> tuple[str, str]:
    """Run the command; return what it said, and what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    call_command("migrate_districts", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def behind(nord: District, django_capture_on_commit_callbacks: Any) -> District:
    """Nord, after a migration of everything that failed there."""
    forget_that_it_ran(nord)
    nord.client().get("/")  # known to the cache, as it was before
    with django_capture_on_commit_callbacks(execute=True):
        _out, err = migrate()
    assert "nord: failed, stays as it was" in err
    assert "migrate_districts --district nord" in err
    return nord


@pytest.mark.thorough
def test_the_rest_is_migrated_and_the_status_is_0_unless_one_is_strict(
    nord: District, sued: District
) -> None:
    for district in (nord, sued):
        forget_that_it_ran(district)
    remember_that_it_ran(sued)
    migrate()
    assert [row.slug for row in Row.objects.behind()] == ["nord"]
    with pytest.raises(CommandError, match="nord"):
        migrate("--strict")
    with nord.inside(), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {RECORD}", ONCE_MORE)
        assert cursor.fetchone() == (0,)


def test_it_answers_503_with_a_sentence_everywhere_and_its_neighbour_as_ever(
    behind: District, sued: District
) -> None:
    visitor = behind.client()
    for path in ("/", "/en/", "/kontakt/", "/anmelden/", "/koordination/", "/impressum/",
                 "/medien/bild/1/320.webp", "/gibt-es-nicht/"):  # fmt: skip
        page = visitor.get(path)
        assert (page.status_code, page["Retry-After"]) == (503, "120"), path
    assert "Eine Aktualisierung hat nicht geklappt." in visitor.get("/").content.decode()
    assert "update" in visitor.get("/en/").content.decode()
    answer = visitor.post(
        "/api/v1/contact-requests/", body(), "application/json", headers={"accept-language": "de"}
    )
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    (error,) = answer.json()["errors"]
    assert (answer.json()["type"], error["code"]) == ("server_error", "unavailable")
    assert "Aktualisierung" in error["detail"]
    assert sued.client().get("/").status_code == 200


def test_a_district_that_nobody_may_see_says_no_more_than_others(
    nord: District, django_capture_on_commit_callbacks: Any, platform: Client
) -> None:
    put(nord.row, State.HIDDEN)
    forget_that_it_ran(nord)
    with django_capture_on_commit_callbacks(execute=True):
        migrate()
    page = nord.client().get("/")
    assert page.status_code == 503
    assert "Nordviertel" not in page.content.decode()
    named = platform.get("/health/ready").json()["districts"]
    assert named == f"failed: {nord.row.schema_name}"


def test_health_and_console_name_it(behind: District, console: Client) -> None:
    health = console.get("/health/ready").json()
    assert health["districts"] == "failed: nord"
    assert "Nordviertel" in console.get("/plattform/").content.decode()
    page = console.get(f"/plattform/districts/district/{behind.row.pk}/change/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "antwortet dieses Quartier niemandem" in text
    assert "already exists" in text
    assert "migrate_districts --district nord" in text
    assert said("district.migration_failed") == [("district.migration_failed", "migration")]


def test_health_is_silent_where_all_went_well(nord: District, platform: Client) -> None:
    assert "districts" not in platform.get("/health/ready").json()


def test_nobody_works_in_it_meanwhile(
    behind: District, sued: District, queued: list[tuple[str, str]]
) -> None:
    for task in (tasks.nightly, tasks.morning, count_all):
        task.apply(headers=PUBLIC, throw=True)
    assert {schema for _task, schema in queued} == {sued.row.schema_name}
    assert len(queued) == 4
    with pytest.raises(ValidationError, match="nachgeholt"):
        coordinators.invite(behind.row, "neu@nord.example", actor=ACTOR)
    with pytest.raises(ValidationError, match="nachgeholt"):
        support.open_visit(behind.row, reason="Hilfe", minutes=30, actor=project_team())


def test_it_is_migrated_alone_and_open_again_at_once(
    behind: District, sued: District, django_capture_on_commit_callbacks: Any
) -> None:
    forget_that_it_ran(sued)
    out, err = migrate("--district", "nord")
    assert (out, err.count("failed")) == ("", 1)
    since = behind.row.migration_failed_at
    remember_that_it_ran(behind)
    with django_capture_on_commit_callbacks(execute=True):
        out, err = migrate("--district", "nord")
    assert (out, err) == ("nord: 0 migrations\n", "")
    assert since is not None
    assert behind.row.migration_failed_at is None
    assert behind.client().get("/").status_code == 200
    assert not Row.objects.behind().exists()
    # The neighbour was not asked for.
    assert migrating.waiting_in(sued.row.schema_name) == [NAME]
    assert said("district.migrated") == [("district.migrated", "migration")]


def test_a_second_failure_keeps_the_day_of_the_first(behind: District) -> None:
    since = behind.row.migration_failed_at
    migrate()
    assert behind.row.migration_failed_at == since


def test_a_dry_run_says_what_would_run_and_writes_nothing(nord: District, sued: District) -> None:
    forget_that_it_ran(nord)
    out, err = migrate("--dry-run")
    assert out.splitlines() == [
        "the platform: nothing to do",
        f"nord: {NAME}",
        "sued: nothing to do",
    ]
    assert migrate("--dry-run", "--district", "sued") == ("sued: nothing to do\n", "")
    assert err == ""
    assert not Row.objects.behind().exists()
    assert migrating.waiting_in(nord.row.schema_name) == [NAME]


def test_one_alone_waits_for_what_all_share(nord: District) -> None:
    last = newest("districts")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {RECORD}", last)
    with pytest.raises(CommandError, match="run migrate_districts alone first"):
        migrate("--district", "nord")
    out, _err = migrate("--dry-run")
    assert out.splitlines()[0] == f"the platform: {'.'.join(last)}"


def test_a_district_that_is_not_there_is_told(nord: District) -> None:
    for options in (("--district", "west"), ("--district", "west", "--dry-run")):
        with pytest.raises(CommandError, match="There is no district west"):
            migrate(*options)


def test_what_residents_wrote_stays_out_of_the_error() -> None:
    error = RuntimeError("duplicate key\nDETAIL:  Key (email)=(erika@b.example) already exists.")
    assert migrating._words(error) == "RuntimeError: duplicate key"
    assert "erika" not in migrating._words(RuntimeError("of erika@b.example: no"))
