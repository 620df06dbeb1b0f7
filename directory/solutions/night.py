"""The nightly work on solution teams."""

from directory.solutions import services
from wiq.night import Chore, chores

chores.register(Chore("teams_asked", services.ask_all_due, only_published=True))
