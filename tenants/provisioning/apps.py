from django.utils.translation import gettext_lazy as _

from wiq.queues import Queue
from wiq.rooms import Host, MenuEntry, RoomConfig, Tables


class ProvisioningConfig(RoomConfig):
    name = "tenants.provisioning"
    verbose_name = "Einrichtung"
    tables = Tables.PUBLIC
    queue = Queue.DISTRICTS
    roles = {"project_team": ("view_*",)}
    menu = (
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Einrichtungen"),
            "construction",
            "/plattform/provisioning/order/",
            140,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Nachsehen"),
            _("Entfernte Quartiere"),
            "delete_history",
            "/plattform/provisioning/removal/",
            300,
        ),
    )
