from importlib import import_module

from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig


class AdminConfig(RoomConfig):
    name = "wiq.admin"
    verbose_name = "Beide Pulte"
    label = "desks"
    open_paths = ("/koordination/",)
    # A picture of 5 MB and the rest of the form.
    body_limits = {"/koordination/": 6_000_000, "/plattform/": 6_000_000}
    no_robots = {Host.DISTRICT: ("/koordination/",), Host.PLATFORM: ("/plattform/",)}
    menu = (
        MenuEntry(
            Host.DISTRICT, _("Heute"), _("Was zu tun ist"), "checklist", "/koordination/", 100
        ),
        MenuEntry(
            Host.PLATFORM, _("Plattform"), _("Was zu tun ist"), "checklist", "/plattform/", 100
        ),
    )

    def ready(self) -> None:
        # Imports the rooms' admin modules, which register with our two sites.
        autodiscover_modules("admin")
        import_module("wiq.admin.checks")
