"""The nightly work on webhooks."""

from directory.webhooks import services
from wiq.night import Chore, chores

chores.register(Chore("webhook_calls_forgotten", services.forget_over))
chores.register(Chore("webhook_secrets_encrypted", services.relock_secrets))
