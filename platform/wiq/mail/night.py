"""The nightly work on addresses that refused mails."""

from wiq.mail import refused
from wiq.night import Chore, chores

chores.register(Chore("refused_addresses_forgotten", refused.forget_old))
