"""Which backups are kept: the newest of so many days, weeks and months, and what they build on."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from django.conf import settings

from wiq.backups import catalogue, passes
from wiq.backups.catalogue import BACKUPS, SEGMENT, WAL, Backup
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError

# What was begun and never finished may still be on its way for so long.
HALF_LIFE = timedelta(days=2)


def newest_of_each(
    backups: Iterable[Backup], period: Callable[[datetime], object], most: int
) -> list[Backup]:
    """Return the newest backup of each of the last ``most`` periods that have one."""
    found: dict[object, Backup] = {}
    for backup in sorted(backups, key=lambda one: one.ended, reverse=True):
        if len(found) < most:
            found.setdefault(period(backup.done), backup)
    return list(found.values())


def kept(known: Mapping[str, Backup], rule: tuple[int, int, int]) -> set[str]:
    """Return the ids of all that stay, with those that they build on."""
    days, weeks, months = rule
    every = known.values()
    wanted = [
        *newest_of_each(every, lambda at: at.date(), days),
        *newest_of_each(every, lambda at: at.isocalendar()[:2], weeks),
        *newest_of_each(every, lambda at: (at.year, at.month), months),
    ]
    stay = set()
    for backup in wanted:
        try:
            stay |= {link.id for link in catalogue.chain(known, backup)}
        except BackupError:
            stay.add(backup.id)
    return stay


def prune(target: Target) -> list[str]:
    """Remove what the rule (``WIQ_BACKUP_KEEP``) does not keep; return the ids. Raises BackupError.

    The log stays from the oldest daily backup on: so far back any moment can be restored. Older
    backups stand by themselves, at the moment they were finished.
    """
    known = catalogue.finished(target)
    if not known:
        return []
    rule: tuple[int, int, int] = settings.WIQ_BACKUP_KEEP
    stay = kept(known, rule)
    gone = [backup_id for backup_id in known if backup_id not in stay]
    oldest = datetime.now(UTC) - HALF_LIFE
    for name, there in target.listed(BACKUPS).items():
        backup_id = name.removeprefix(BACKUPS).split("/")[0]
        is_old = datetime.fromtimestamp(there.changed, UTC) < oldest
        if backup_id in gone or (backup_id not in known and is_old):
            target.remove(name)
    daily = newest_of_each(known.values(), lambda at: at.date(), rule[0])
    first = min(backup.first_segment[8:] for backup in daily)
    # Files since then, too: any moment of these days has those that its rows name.
    passes.prune(target, min(backup.id for backup in daily))
    for name in target.listed(WAL):
        segment = name.removeprefix(WAL)[:24]
        if SEGMENT.fullmatch(segment) and segment[8:] < first:
            target.remove(name)
    return gone
