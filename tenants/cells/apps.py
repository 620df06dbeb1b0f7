from django.utils.translation import gettext_lazy as _

from wiq.queues import Queue
from wiq.rooms import Host, MenuEntry, RoomConfig, UrlList


class CellsConfig(RoomConfig):
    name = "tenants.cells"
    verbose_name = "Installationen"
    urls = (UrlList(Host.PLATFORM, "tenants.cells.urls_console", "plattform/", translated=True),)
    queue = Queue.CALLS
    menu = (
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Alle Installationen"),
            "hub",
            "/plattform/installationen/",
            125,
            setting="WIQ_CELLS",
        ),
    )
