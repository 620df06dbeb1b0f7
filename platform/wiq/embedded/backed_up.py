"""What the embedded PostgreSQL needs beyond its settings where backups are made of it.

docs/howto/backups.md. Without ``WIQ_BACKUP_URL`` nothing of it runs or takes memory.
"""

import os

# What changed is noted for incremental backups; the log is received, and leaves every four minutes.
# What nobody fetched for long is given up before it fills the disk.
SETTINGS = {
    "max_wal_senders": "4",
    "summarize_wal": "on",
    "archive_timeout": "240",
    "max_slot_wal_keep_size": "4GB",
}


def settings() -> dict[str, str]:
    """Return the server's further settings; none where no backups are made."""
    return SETTINGS if os.environ.get("WIQ_BACKUP_URL") else {}


def environment(url: str) -> dict[str, str]:
    """Return with which login backups are made of the server: its administrator's."""
    if not os.environ.get("WIQ_BACKUP_URL") or os.environ.get("WIQ_BACKUP_DATABASE_URL"):
        return {}
    return {"WIQ_BACKUP_DATABASE_URL": url.replace("//wiq@", "//postgres@", 1)}
