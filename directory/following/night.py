"""The nightly work on subscriptions."""

from directory.following import services
from wiq.night import Chore, chores

chores.register(Chore("subscriptions_forgotten", services.forget_unconfirmed))
chores.register(Chore("subscription_mails_forgotten", services.forget_old_mails))
