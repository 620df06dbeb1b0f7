"""What is due in the night for accounts: seeds encrypted, sessions forgotten."""

from wiq.accounts import factors, sessions
from wiq.night import Chore, chores

chores.register(Chore("seeds_encrypted", factors.encrypt_all))
chores.register(Chore("sessions_forgotten", sessions.forget_over))
