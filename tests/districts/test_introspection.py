"""What tables Django believes there are: those of the current schema."""

from django.db import connection
from django.db.backends.postgresql.introspection import DatabaseIntrospection
from django_tenants.postgresql_backend.introspection import (
    DatabaseSchemaIntrospectionSearchPathContext,
)
from django_tenants.utils import schema_context

from tests.cast import District
from wiq.database import introspection
from wiq.tenancy import PUBLIC


def test_the_tables_of_a_schema_are_those_that_django_would_find(
    nord: District, sued: District
) -> None:
    for schema in (nord.row.schema_name, sued.row.schema_name, PUBLIC):
        with schema_context(schema), connection.cursor() as cursor:
            found = connection.introspection.get_table_list(cursor)
            with DatabaseSchemaIntrospectionSearchPathContext(cursor, connection):
                wanted = DatabaseIntrospection(connection).get_table_list(cursor)
        assert sorted(found) == sorted(wanted)
        names = {table.name for table in found}
        assert ("people_team" in names) is (schema != PUBLIC)
        assert ("districts_district" in names) is (schema == PUBLIC)


def test_what_belongs_to_a_schema_is_found_without_reading_all_of_the_catalogue(
    nord: District, sued: District
) -> None:
    with nord.inside(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relkind FROM pg_class WHERE relnamespace = %s::regnamespace"
            " AND relkind IN ('r', 'S', 'v')",
            [nord.row.schema_name],
        )
        wanted = sorted(cursor.fetchall())
        found = introspection.relations(cursor, nord.row.schema_name)
    assert [(one.name, one.kind) for one in found] == wanted
    assert {one.kind for one in found} == {introspection.TABLE, introspection.SEQUENCE}
