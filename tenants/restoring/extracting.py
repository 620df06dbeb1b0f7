"""A district's file out of a backup: of one removed since, or to be looked at elsewhere."""

from pathlib import Path

from psycopg.sql import SQL, Identifier

from tenants.restoring.backups import Opened, Say, manage, opened_by_name
from tenants.restoring.scratch import BackupError
from wiq.embedded.postgres import OWNER
from wiq.tenancy import PUBLIC


def extract(slug: str, path: Path, target: Path, *, at: str = "", say: Say) -> None:
    """Write the file of ``export_district`` as a backup at ``path`` has the district.

    With secrets, so that residents' links work again: the file is for this platform. Of uploaded
    files it holds those that are in the storage now. Raises BackupError.
    """
    with opened_by_name(path, slug, at=at, say=say) as backup:
        _open_to_owner(backup)
        said = manage(backup.server, "export_district", slug, str(target), "--with-secrets")
    if said:
        raise BackupError(f"the district can't be written into a file: {said}")


def _open_to_owner(backup: Opened) -> None:
    """Let the owner work as the district there: rights are not read from a backup."""
    role, public = Identifier(backup.schema_name), Identifier(PUBLIC)
    with backup.connect() as connection:
        # What made the role may not become it, unless that is said.
        joining = SQL("GRANT {} TO {} WITH SET TRUE").format(role, Identifier(OWNER))
        connection.execute(joining)
        for schema in (role, public):
            for what in ("USAGE ON SCHEMA", "ALL ON ALL TABLES IN SCHEMA",
                         "ALL ON ALL SEQUENCES IN SCHEMA"):  # fmt: skip
                connection.execute(SQL("GRANT " + what + " {} TO {}").format(schema, role))
