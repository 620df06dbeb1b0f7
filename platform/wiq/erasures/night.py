"""The ledger gets at night what it could not take by day."""

from wiq.erasures.services import write
from wiq.night import Chore, chores

chores.register(Chore("erasures_written", write))
