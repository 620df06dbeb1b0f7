from django.utils.translation import gettext_lazy as _

from wiq.queues import Queue
from wiq.rooms import Host, MenuEntry, RoomConfig, Tables


class WebhooksConfig(RoomConfig):
    name = "directory.webhooks"
    verbose_name = _("Webhooks")
    tables = Tables.DISTRICT
    queue = Queue.CALLS
    roles = {"coordinator": ("view_webhook", "change_webhook")}
    # Whoever visits leaves nothing behind: no address that is called after the visit.
    not_in_visits = ("change_webhook",)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Webhooks"),
            "webhook",
            "/koordination/webhooks/",
            155,
            roles=("coordinator",),
        ),
    )
