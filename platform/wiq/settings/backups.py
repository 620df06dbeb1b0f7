"""Backups: where they go, who can read them, how long they are kept (docs/howto/backups.md)."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from wiq.settings.environment import WIQ_STATE, env, fitting, number

__all__ = [
    "WIQ_BACKUP_DATABASE",
    "WIQ_BACKUP_FULL_DAYS",
    "WIQ_BACKUP_HOUR",
    "WIQ_BACKUP_IDENTITY",
    "WIQ_BACKUP_KEEP",
    "WIQ_BACKUP_RECIPIENTS",
    "WIQ_BACKUP_STATE",
    "WIQ_BACKUP_URL",
    "WIQ_POSTGRES_BIN",
]

# No backups of this kind where it is empty.
WIQ_BACKUP_URL = env.str("WIQ_BACKUP_URL", default="")
_own = bool(env.str("WIQ_BACKUP_DATABASE_URL", default=""))
_name = "WIQ_BACKUP_DATABASE_URL" if _own else "DATABASE_URL"
_where: dict[str, Any] = fitting(
    _name,
    lambda: env.db_url(_name),
    lambda found: "postgres" in found.get("ENGINE", "") and bool(found["NAME"]),
)
WIQ_BACKUP_DATABASE = _where | {"HOST": unquote(_where.get("HOST") or "")}
# Public keys of age. The identity is the file of a secret one, for check and restore alone.
WIQ_BACKUP_RECIPIENTS = env.str("WIQ_BACKUP_RECIPIENTS", default="").replace(",", " ").split()
WIQ_BACKUP_IDENTITY = Path(env.str("WIQ_BACKUP_IDENTITY", default="") or WIQ_STATE / "backup.key")
# What is on its way, and what the next incremental backup builds on.
WIQ_BACKUP_STATE = Path(env.str("WIQ_BACKUP_STATE", default="") or WIQ_STATE / "backup")
_keep = fitting(
    "WIQ_BACKUP_KEEP",
    lambda: [int(word) for word in (env.str("WIQ_BACKUP_KEEP", default="") or "7,4,6").split(",")],
    lambda found: len(found) == 3 and found[0] > 0 and min(found) >= 0,
)
# So many days, weeks and months, each with its newest backup.
WIQ_BACKUP_KEEP = (_keep[0], _keep[1], _keep[2])
WIQ_BACKUP_FULL_DAYS = int(number("WIQ_BACKUP_FULL_DAYS") or 7)
WIQ_BACKUP_HOUR = int(number("WIQ_BACKUP_HOUR") or 2)
WIQ_POSTGRES_BIN = env.str("WIQ_POSTGRES_BIN", default="")
