"""The database backend: that of django-tenants, with a role for every district."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.utils import DatabaseError, ProgrammingError
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_limit_set_calls, quote_schema_name
from psycopg.pq import TransactionStatus
from psycopg.sql import Composable
from psycopg_pool import PoolTimeout

from wiq.database import NO_ROLE, SET_PLACE, role_of, weight
from wiq.database.introspection import Introspection
from wiq.database.schema import SchemaEditor
from wiq.outages import DATABASE

# Statements that would leave the district's role. The role's rights are the real protection; this
# check refuses statements that try to change it (it sees SQL text only, never values). "role" in
# quotes is a column of ours, unless it follows SET or RESET at the start of a statement.
LEAVING = re.compile(
    r"\bset_config\b|\b(re)?set\s+((local|session)\s+)?(role|session)\b"
    r"|(^|;)\s*(re)?set\s+((local|session)\s+)?\"(role|session_authorization)\""
    r"|\bdiscard\b|\bdo\s+(language\b|\$|')"
)
COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
# Each of those contains one of these words; searching for them first is twenty times faster.
WORDS = ("role", "session", "set_config", "discard", "do")


def leaves(sql: str) -> bool:
    """Tell whether a statement would change the role it runs as."""
    small = sql.lower()
    if not any(word in small for word in WORDS):
        return False
    return LEAVING.search(COMMENT.sub(" ", small)) is not None


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that sets its search path and role together in one statement, or not at all."""

    SchemaEditorClass = SchemaEditor
    search_path_set_schemas: list[str] | None
    _setting_search_path: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.works_as_login = False
        # Whether this server spreads schemas over several; None until asked (wiq.database.engine).
        self.spreads: bool | None = None
        super().__init__(*args, **kwargs)
        self.introspection = Introspection(self)
        self.execute_wrappers.append(self._refuse_to_leave)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection from the web server's pool; raise at once while the server is silent.

        Other processes have no pool: nobody waits for them, so they may wait themselves.
        """
        self.spreads = None
        if not self.pool:
            return super().get_new_connection(conn_params)
        if DATABASE.refuses():
            raise psycopg.OperationalError("the database gave no answer a moment ago")
        try:
            found = super().get_new_connection(conn_params)
        except PoolTimeout:
            DATABASE.note_silence()
            raise
        DATABASE.note_answer()
        return found

    def work_as_login(self, on: bool) -> None:
        """From the next statement on, work as the login itself, or as the district's role again."""
        self.works_as_login = on
        self.search_path_set_schemas = None

    def _refuse_to_leave(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if isinstance(sql, Composable):
            sql = sql.as_string(self.connection)
        # The login itself creates schemas and functions, and has no role to leave.
        if not self.works_as_login and sql != SET_PLACE and leaves(sql):
            raise ProgrammingError("a statement must not change the role it runs as")
        return execute(sql, params, many, context)

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set schema and role before the first statement of a request or task.

        If this fails, django-tenants continues in the connection's previous schema. Here only a
        broken transaction is tolerated, because its next statement fails anyway.
        """
        if self._setting_search_path or (get_limit_set_calls() and self.search_path_set_schemas):
            return
        paths = self._get_cursor_search_paths()
        role = NO_ROLE if self.works_as_login else role_of(self.schema_name)
        broken = self.connection.info.transaction_status == TransactionStatus.INERROR
        self._setting_search_path = True
        own = self.connection.cursor() if cursor is None else cursor
        try:
            own.execute(SET_PLACE, [",".join(quote_schema_name(path) for path in paths), role])
        except DatabaseError:
            self.search_path_set_schemas = None
            if not broken:
                raise
        else:
            self.search_path_set_schemas = paths
            weight.note(self.connection, self.schema_name)
        finally:
            self._setting_search_path = False
            if cursor is None:
                own.close()
