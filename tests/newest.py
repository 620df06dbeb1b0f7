"""The newest migration of an app, asked of Django: named by hand, it would be another's soon."""

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation


def newest(app: str, making: type[Operation] = Operation) -> tuple[str, str]:
    """Return app and name of an app's last migration with an operation of this kind."""
    loader = MigrationLoader(None)
    (last,) = loader.graph.leaf_nodes(app)
    found = [
        step
        for step in loader.graph.forwards_plan(last)
        if step[0] == app
        and any(isinstance(done, making) for done in loader.disk_migrations[step].operations)
    ]
    return app, found[-1][1]
