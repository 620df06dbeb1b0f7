from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class ConsoleConfig(RoomConfig):
    name = "tenants.console"
    verbose_name = "Konsole"
    tables = Tables.PUBLIC
    roles = {"project_team": ("view_*",)}
    urls = (
        UrlList(Host.PLATFORM, "tenants.console.robots"),
        UrlList(Host.PLATFORM, "tenants.console.urls_internal", "intern/"),
        UrlList(Host.PLATFORM, "tenants.console.urls_console", "plattform/", translated=True),
        UrlList(Host.PLATFORM, "tenants.console.urls", translated=True),
    )
    sitemap = {Host.PLATFORM: ("console:start", "console:how", "console:districts")}
    no_robots = {Host.PLATFORM: ("/intern/", "/health/")}
    menu = (
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Quartiere im Blick"),
            "monitoring",
            "/plattform/console/vital/",
            110,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Quartiere"),
            "map",
            "/plattform/districts/district/",
            120,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Träger"),
            "account_balance",
            "/plattform/districts/operator/",
            150,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Träger der Plattform"),
            "assured_workload",
            "/plattform/districts/platformoperator/",
            160,
        ),
    )
