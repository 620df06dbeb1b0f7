from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class ApplicationsConfig(RoomConfig):
    name = "tenants.applications"
    verbose_name = "Anmeldungen"
    tables = Tables.PUBLIC
    roles = {"project_team": ("view_*", "change_*")}
    urls = (
        UrlList(Host.PLATFORM, "tenants.applications.urls", "quartier-anmelden/", translated=True),
    )
    sitemap = {Host.PLATFORM: ("applications:form",)}
    menu = (
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Anmeldungen"),
            "inbox",
            "/plattform/applications/application/",
            130,
        ),
    )
