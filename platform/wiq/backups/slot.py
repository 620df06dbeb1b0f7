"""The name by which PostgreSQL keeps its log for us; web asks for it, too."""

# What has not been received yet it keeps, up to max_slot_wal_keep_size.
SLOT = "wiq_backup"
