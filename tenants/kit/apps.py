from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class KitConfig(RoomConfig):
    name = "tenants.kit"
    verbose_name = "Startpaket"
    tables = Tables.PUBLIC
    roles = {"project_team": ("*",)}
    urls = (UrlList(Host.DISTRICT, "tenants.kit.urls_desk", "koordination/", translated=True),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Texte"),
            _("Startpaket"),
            "redeem",
            "/koordination/startpaket/",
            410,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Mitgeben"),
            _("Startpaket"),
            "redeem",
            "/plattform/kit/kitversion/",
            200,
        ),
    )
