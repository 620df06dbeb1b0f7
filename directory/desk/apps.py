from wiq.rooms import Host, MenuEntry, RoomConfig, UrlList


class DeskConfig(RoomConfig):
    name = "directory.desk"
    verbose_name = "Koordination"
    urls = (UrlList(Host.DISTRICT, "directory.desk.urls", "koordination/"),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            "Heute",
            "Leitfaden",
            "route",
            "/koordination/leitfaden/",
            110,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            "Heute",
            "Auskunft und Löschen",
            "shield_person",
            "/koordination/personendaten/",
            150,
            roles=("coordinator",),
        ),
    )
