"""Senders of districts' own are looked after once a week."""

from wiq.night import Chore, chores
from wiq.senders import services

chores.register(Chore("senders_checked", services.check_due))
