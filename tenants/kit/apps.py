from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class KitConfig(RoomConfig):
    name = "tenants.kit"
    verbose_name = "Startpaket"
    tables = Tables.PUBLIC
    roles = {"project_team": ("*",)}
    urls = (UrlList(Host.DISTRICT, "tenants.kit.urls_desk", "koordination/"),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            "Texte",
            "Startpaket",
            "redeem",
            "/koordination/startpaket/",
            410,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.PLATFORM, "Mitgeben", "Startpaket", "redeem", "/plattform/kit/kitversion/", 200
        ),
    )
