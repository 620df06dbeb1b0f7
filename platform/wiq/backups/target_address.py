"""``WIQ_BACKUP_URL``: a bucket, written like ``WIQ_MEDIA_URL``, or a folder (``/…``)."""

from pathlib import Path

from wiq.backups.bucket import BucketTarget
from wiq.backups.targets import FolderTarget, Target
from wiq.backups.trouble import BackupError, Why
from wiq.media.bucket_address import Unfit, bucket_of


def target_of(address: str) -> Target:
    """Return the target of an address. Raises BackupError (SETTINGS)."""
    if address.startswith("/"):
        return FolderTarget(Path(address))
    try:
        return BucketTarget(bucket_of(address))
    except Unfit as error:
        raise BackupError(Why.SETTINGS, f"WIQ_BACKUP_URL ({error})") from None
