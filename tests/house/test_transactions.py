"""No transaction changes a district's schema as one role and uses it as another."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.transaction import Atomic

from directory.people.models import Person
from tenants.provisioning import functions, schemas, template
from tenants.provisioning.services import new_row
from tests import transactions
from tests.cast import District
from tests.statements import Refused, read
from tests.transactions import FUNCTIONS_OWNER, Transaction, uses
from tests.watch import refused
from wiq.audit import services as audit
from wiq.database import as_owner

ONE, OTHER = "d_0123456789abcdef", "d_fedcba9876543210"


@pytest.fixture
def is_refused() -> Iterator[None]:
    """What is refused in this test shall be."""
    yield
    assert refused
    refused.clear()


def test_made_and_filled_in_one_transaction_is_refused(is_refused: None, db: None) -> None:
    with pytest.raises(Refused, match=FUNCTIONS_OWNER), transaction.atomic():
        row = new_row(slug="westviertel", name="Westviertel", city="Leipzig")
        schemas.create(row)
        with District("westviertel").inside():
            Person.objects.create(slug="kim", name="Kim")


def test_read_and_dropped_in_one_transaction_is_refused(is_refused: None, nord: District) -> None:
    name = nord.row.schema_name
    with pytest.raises(Refused, match=name), transaction.atomic():
        with nord.inside():
            assert Person.objects.exists()
        # A savepoint is no transaction of its own.
        with transaction.atomic():
            functions.drop_schema(name)


@pytest.mark.owner
def test_written_as_the_district_and_as_the_owner_in_one_transaction_is_refused(
    is_refused: None, nord: District
) -> None:
    with pytest.raises(Refused), transaction.atomic(), nord.inside():
        Person.objects.filter(slug="ada").update(about="x")
        with as_owner():
            Person.objects.exists()


def test_one_after_the_other_passes(nord: District, sued: District) -> None:
    @transaction.atomic
    def write(district: District) -> None:
        with district.inside():
            Person.objects.filter(slug="ada").update(about="x")
        audit.record_change("test.written", None)

    # The same block each time, as a decorator's is: three transactions all the same.
    for district in (nord, sued, nord):
        write(district)
    with transaction.atomic():
        row = new_row(slug="westviertel", name="Westviertel", city="Leipzig")
        schemas.create(row)
    write(District("westviertel"))


def test_two_districts_in_one_transaction_pass(nord: District, sued: District) -> None:
    with transaction.atomic():
        for district in (nord, sued):
            with district.inside():
                Person.objects.filter(slug="ada").update(about="x")


@pytest.mark.owner
def test_the_owner_may_make_read_and_change_in_one_transaction(nord: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE provisioning_templatestatement SET words = '-' WHERE position = 0")
    assert template.build()
    assert schemas.migrate(nord.row) == 0


def test_reading_as_two_roles_passes_and_a_change_does_not() -> None:
    work = Transaction()
    work.use(ONE, "none", changes=False)
    work.use(ONE, ONE, changes=False)
    work.use(OTHER, OTHER, changes=True)
    with pytest.raises(Refused, match=f"changes {ONE} and uses it as {ONE} and none"):
        work.use(ONE, "none", changes=True)


@pytest.mark.parametrize(
    ("text", "params", "found"),
    [
        ("SELECT 1 FROM people_person, mail_message", None, {(ONE, ONE, False)}),
        ("UPDATE people_person SET name = ''", None, {(ONE, ONE, True)}),
        (f"INSERT INTO {OTHER}.people_team DEFAULT VALUES", None, {(OTHER, ONE, True)}),
        ("SELECT 1 FROM districts_district, pg_class", None, set()),
        (f"CREATE SCHEMA {OTHER}", None, {(OTHER, ONE, True)}),
        (f'DROP SCHEMA IF EXISTS "{OTHER}", wiq_template CASCADE', None, {(OTHER, ONE, True)}),
        (
            "SELECT public.wiq_drop_district(%s)",
            [OTHER],
            {(OTHER, FUNCTIONS_OWNER, True)},
        ),
    ],
)
def test_what_a_statement_uses(
    text: str, params: list[str] | None, found: set[tuple[str, str, bool]]
) -> None:
    statement = read(text, params is not None)
    assert set(uses(statement, ONE, params, as_login=False)) == found


def test_the_watch_stands_before_every_transaction(db: None) -> None:
    assert Atomic.__enter__ is transactions.enter
