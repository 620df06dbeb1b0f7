"""The nightly work on addresses that refused mails."""

from wiq.mail import refused, services
from wiq.night import Chore, chores

chores.register(Chore("account_mails_forgotten", services.forget_old))
chores.register(Chore("refused_addresses_forgotten", refused.forget_old))
