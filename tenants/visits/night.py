"""What support visits need every night."""

from tenants.visits import support
from wiq.night import Chore, chores

chores.register(Chore("visits_ended", support.end_all_over))
