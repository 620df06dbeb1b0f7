"""Whom a district calls is what it says today: an address taken out is not called again."""

from wiq.returning import as_today

as_today.register("webhooks.webhook")
as_today.register("webhooks.webhookcall")
