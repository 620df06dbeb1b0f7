from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class TransferConfig(RoomConfig):
    name = "tenants.transfer"
    verbose_name = "Übertragung"
    tables = Tables.PUBLIC
    urls = (UrlList(Host.DISTRICT, "tenants.transfer.urls_desk", "koordination/", translated=True),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Alles mitnehmen"),
            "archive",
            "/koordination/mitnehmen/",
            160,
            roles=("coordinator",),
        ),
    )
