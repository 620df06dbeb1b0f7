"""The nightly work on conversations."""

from directory.conversations import absences, holding, last_word, services, writing
from wiq.night import Chore, chores

chores.register(Chore("conversations_opened", writing.catch_up))
# An older version that ran beside this one noted none.
chores.register(Chore("conversations_noted", last_word.note_all))
chores.register(Chore("held_mails_forgotten", holding.forget_old))
chores.register(Chore("conversations_released", services.release_of_gone_accounts))
chores.register(Chore("absences_over", absences.forget_over))
