"""The nightly work on dates."""

from directory.events import services
from wiq.night import Chore, chores

chores.register(Chore("dates_forgotten", services.forget_over))
