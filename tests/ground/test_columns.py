"""Columns added by migrations: in words that other engines take, under the names PostgreSQL gives."""

from django.db import connection, models

from directory.people.models import Team
from tests.cast import District
from wiq.database.schema import check_name


def test_a_check_has_the_name_that_it_would_have_had_anyway(nord: District) -> None:
    """Schemas made by an older version and by this one are the same."""
    long = "a" * 40
    columns = [("t", long), (long, "b"), (long, f"{long}b")]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE t ({long} int CHECK ({long} > 0))")
        cursor.execute(f"CREATE TEMPORARY TABLE {long} (b int CHECK (b > 0))")
        cursor.execute(f"ALTER TABLE {long} ADD COLUMN {long}b int CHECK ({long}b > 0)")
        cursor.execute(
            "SELECT conname FROM pg_constraint JOIN pg_class r ON r.oid = conrelid"
            " WHERE relpersistence = 't'"
        )
        given = {name for (name,) in cursor.fetchall()}
    assert {check_name(table, column) for table, column in columns} == given


def test_a_columns_check_is_a_statement_by_itself(nord: District) -> None:
    field = models.PositiveSmallIntegerField(null=True)
    field.set_attributes_from_name("n")
    with nord.inside(), connection.schema_editor(collect_sql=True, atomic=False) as editor:
        editor.add_field(Team, field)
        editor.create_model(Team)
    added, checked, made = editor.collected_sql[:3]
    assert added == 'ALTER TABLE "people_team" ADD COLUMN "n" smallint NULL ;'
    assert checked == (
        'ALTER TABLE "people_team" ADD CONSTRAINT "people_team_n_check" CHECK ("n" >= 0);'
    )
    # A table that is new may have them in its own statement.
    assert '"position" smallint NOT NULL CHECK ("position" >= 0)' in made
