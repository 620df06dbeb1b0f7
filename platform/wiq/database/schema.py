"""How migrations change tables: as Django does, but in SQL that other engines accept too."""

from typing import Any

from django.db import models
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

# PostgreSQL's NAMEDATALEN, without the byte that ends it.
LONGEST_NAME = 63


def check_name(table: str, column: str) -> str:
    """Return the name that PostgreSQL gives to an unnamed check of a column.

    If the name is too long, the longer of its two parts is shortened letter by letter.
    """
    one, other = table, column
    while len(f"{one}_{other}_check") > LONGEST_NAME:
        if len(one) > len(other):
            one = one[:-1]
        else:
            other = other[:-1]
    return f"{one}_{other}_check"


class SchemaEditor(DatabaseSchemaEditor):
    """Adds a column's check separately, under the name that it would have had anyway.

    Citus refuses ``ADD COLUMN … CHECK`` without a name. Citus and PostgreSQL both accept a named
    constraint, and older and newer schemas stay the same.
    """

    def add_field(self, model: type[models.Model], field: "models.Field[Any, Any]") -> None:
        """Add a column, then its check."""
        self.sql_check_constraint = ""
        try:
            super().add_field(model, field)
        finally:
            del self.sql_check_constraint
        check = field.db_parameters(self.connection)["check"]
        if check and field.column:
            name = check_name(model._meta.db_table, field.column)
            self.execute(self._create_check_sql(model, name, check))  # type: ignore[attr-defined]
