"""How migrations change tables: Django's way, in words that other engines take as well."""

from typing import Any

from django.db import models
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

# PostgreSQL's NAMEDATALEN, without the byte that ends it.
LONGEST_NAME = 63


def check_name(table: str, column: str) -> str:
    """Return the name that PostgreSQL gives to a check of a column that comes without one.

    What is too long is cut letter by letter, from the longer of both.
    """
    one, other = table, column
    while len(f"{one}_{other}_check") > LONGEST_NAME:
        if len(one) > len(other):
            one = one[:-1]
        else:
            other = other[:-1]
    return f"{one}_{other}_check"


class SchemaEditor(DatabaseSchemaEditor):
    """Adds a column's check by itself, under the name that it would have had anyway.

    Citus refuses ``ADD COLUMN … CHECK`` without a name; both take a constraint with one, and
    schemas made before and after are the same.
    """

    def add_field(self, model: type[models.Model], field: "models.Field[Any, Any]") -> None:
        """Add a column, and then what its values must fulfil."""
        self.sql_check_constraint = ""
        try:
            super().add_field(model, field)
        finally:
            del self.sql_check_constraint
        check = field.db_parameters(self.connection)["check"]
        if check and field.column:
            name = check_name(model._meta.db_table, field.column)
            self.execute(self._create_check_sql(model, name, check))  # type: ignore[attr-defined]
