from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class CatalogueConfig(RoomConfig):
    name = "tenants.catalogue"
    verbose_name = "Zum Nachmachen"
    tables = Tables.PUBLIC
    urls = (
        UrlList(Host.DISTRICT, "tenants.catalogue.urls_desk", "koordination/", translated=True),
        UrlList(Host.PLATFORM, "tenants.catalogue.urls", "nachmachen/", translated=True),
    )
    sitemap = {Host.PLATFORM: ("catalogue",)}
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Lösungsteams"),
            _("Nachmachen"),
            "content_copy",
            "/koordination/nachmachen/",
            220,
        ),
    )
