"""How long a mail waits, and how long a try may take. All are measured by the database's clock."""

from datetime import timedelta

# After a worker's death its mails wait this long. A conversation may take longer (eight steps of
# EMAIL_TIMEOUT seconds each): who comes meanwhile finds the sender's lock and goes away again.
LEASE = timedelta(seconds=30)
# Between the moment a sweep has queued a pointer and the moment it may queue it again.
QUEUED = timedelta(seconds=60)
# A server that is away is asked again at least this often, so that everything is delivered
# within two minutes of its return, however long it was gone.
UNREACHABLE_CAP_SECONDS = 60
# An address that is refused for now (greylisting, full mailbox) is tried for five days, as
# RFC 5321, 4.5.4.1 recommends, at growing intervals.
REFUSED_CAP_SECONDS = 3600
GIVE_UP_AFTER = timedelta(days=5)
# No time that was set by a right clock lies farther ahead: what does was set by one that ran ahead
# and was put back since.
LONGEST_LEASE = 2 * QUEUED
LONGEST_WAIT = timedelta(seconds=REFUSED_CAP_SECONDS + 60)
