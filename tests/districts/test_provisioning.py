"""Making districts: all of one, or nothing."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tenants.districts.models import District as Row
from tenants.districts.models import Domain
from tenants.provisioning import schemas, services
from tests.cast import District


def tables(schema: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [schema]
        )
        return {name for (name,) in cursor.fetchall()}


def test_a_new_district_is_a_draft_with_host_schema_and_coordinator(nord: District) -> None:
    call_command("create_district", "west", name="Westviertel", city="Leipzig",
                 coordinator="Kim@West.example")  # fmt: skip
    west = District("west")
    assert west.row.state == "draft"
    assert west.row.host == "west.localhost"
    assert west.row.schema_name.startswith("d_")
    assert "west" not in west.row.schema_name
    assert tables(west.row.schema_name) == tables(nord.row.schema_name)
    with west.inside():
        from wiq.accounts.models import User

        assert User.objects.get().email == "kim@west.example"


@pytest.mark.parametrize(
    "slug",
    ["nord", "www", "Nord", "-x", "x-", "a", "ü", "a b", "xn--abc", 'x"; DROP', "x" * 41, ""],
)
def test_a_bad_or_taken_name_creates_nothing(nord: District, slug: str) -> None:
    before = Row.objects.count()
    with pytest.raises(CommandError):
        call_command("create_district", slug, name="Neu", city="Leipzig")
    assert Row.objects.count() == before


def test_a_failure_half_way_leaves_nothing(nord: District, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**kwargs: object) -> None:
        raise ValidationError("no")

    monkeypatch.setattr(services.accounts, "create_account", fail)
    with pytest.raises(CommandError):
        call_command("create_district", "west", name="W", city="L", coordinator="a@b.example")
    assert not Row.objects.filter(slug="west").exists()
    assert not Domain.objects.filter(domain="west.localhost").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'd\\_%%'")
        assert cursor.fetchone()[0] == Row.objects.count()


def test_the_database_refuses_a_schema_name_somebody_chose(nord: District) -> None:
    for name in ('x"; DROP SCHEMA public', "pg_evil", "public", "D_0000000000000000"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Row.objects.filter(slug="nord").update(schema_name=name)


def test_a_district_has_few_tables_and_none_of_djangos_global_ones(nord: District) -> None:
    ours = tables(nord.row.schema_name)
    assert len(ours) <= 30
    assert (
        not {"django_content_type", "auth_permission", "django_admin_log", "outbox_pointer"} & ours
    )
    assert "outbox_pointer" in tables("public")
    assert "contact_contactrequest" not in tables("public")


def test_districts_follow_the_platforms_domain_there_and_back(
    nord: District, settings: Any
) -> None:
    for domain in ("wiq.example", "localhost", "localhost"):
        settings.WIQ_DOMAIN = domain
        services.follow_domain()
        assert nord.row.host == f"nord.{domain}"
    services.districts.add_domain(nord.row, "nordviertel.example", is_primary=True)
    services.follow_domain()
    assert nord.row.host == "nordviertel.example"


@pytest.mark.owner
def test_migrating_again_changes_nothing(nord: District) -> None:
    assert schemas.migrate(nord.row) == 0
