"""What is due in the night for accounts: seeds, sessions that are over, accounts nobody uses."""

from wiq.accounts import dormancy, factors, sessions
from wiq.night import Chore, chores

chores.register(Chore("seeds_encrypted", factors.encrypt_all))
chores.register(Chore("sessions_forgotten", sessions.forget_over))
chores.register(Chore("accounts_asleep", dormancy.tend, only_published=True))
