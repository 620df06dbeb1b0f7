"""The log goes on: what was done since the backup was done."""

from wiq.returning import as_today

as_today.register("audit.entry")
