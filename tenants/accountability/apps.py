from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class AccountabilityConfig(RoomConfig):
    name = "tenants.accountability"
    verbose_name = "Datenschutz"
    tables = Tables.PUBLIC
    roles = {"project_team": ("*",)}
    urls = (
        UrlList(
            Host.DISTRICT, "tenants.accountability.urls_desk", "koordination/", translated=True
        ),
        UrlList(
            Host.PLATFORM, "tenants.accountability.urls_console", "plattform/", translated=True
        ),
    )
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Mappe für den Datenschutz"),
            "folder_supervised",
            "/koordination/datenschutz/",
            151,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Mappen für den Datenschutz"),
            "folder_supervised",
            "/plattform/datenschutz/",
            170,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Plattform"),
            _("Wer für die Plattform mitarbeitet"),
            "handshake",
            "/plattform/accountability/subprocessor/",
            171,
        ),
    )
