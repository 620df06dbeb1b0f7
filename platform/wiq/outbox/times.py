"""How long a mail waits and how long a try may take, measured by the database's clock."""

from datetime import timedelta

# After a worker crashes, its mails wait this long. A conversation with the mail server may take
# longer (eight steps of EMAIL_TIMEOUT seconds each); the sender's lock then stops other workers.
LEASE = timedelta(seconds=30)
# Whoever sends many mails begins none that its lease might not last for, and gives the rest back.
ROUND = timedelta(seconds=15)
# The longest pause between tries while the mail server is down, so that everything is delivered
# within two minutes of its return, however long it was down.
UNREACHABLE_CAP_SECONDS = 60
# A temporary refusal (greylisting, full mailbox) is retried for five days at growing intervals, as
# RFC 5321, 4.5.4.1 recommends.
REFUSED_CAP_SECONDS = 3600
GIVE_UP_AFTER = timedelta(days=5)
# A mail that has waited this long is shown to those who may do something about it.
STUCK_AFTER = timedelta(minutes=15)
# While the server takes nothing, a mail that asked is asked for again after this time at the
# earliest: it is another mail's turn, so that no single mail holds up all others.
TURN = timedelta(seconds=5)
# Tries that are this close are one: several workers met the same refusal at the same moment.
AT_ONCE = timedelta(seconds=3)
# The operator is told after so many tries: a server that is started again misses one, not three.
TOLD_AFTER = 3
# A correct clock never sets a time farther ahead than this. A later time was set while the clock
# was fast, before somebody put it back, and is ignored.
# Versions before November 2026 set leases of a minute.
LONGEST_LEASE = timedelta(seconds=120)
LONGEST_WAIT = timedelta(seconds=REFUSED_CAP_SECONDS + 60)
