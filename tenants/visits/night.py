"""The nightly work on support visits."""

from tenants.visits import support
from wiq.night import Chore, chores

chores.register(Chore("visits_ended", support.end_all_over))
