from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class PeopleConfig(RoomConfig):
    name = "directory.people"
    verbose_name = "Menschen und Teams"
    tables = Tables.DISTRICT
    roles = {
        "coordinator": ("*",),
        "editor": ("*_team", "*_seat", "*_person", "*_membership"),
    }
    urls = (
        UrlList(Host.DISTRICT, "directory.people.urls_media", "medien/bild/"),
        UrlList(Host.DISTRICT, "directory.people.urls", "menschen/", translated=True),
    )
    menu = (
        MenuEntry(
            Host.DISTRICT,
            "Menschen und Teams",
            "Teams",
            "groups",
            "/koordination/people/team/",
            300,
        ),
        MenuEntry(
            Host.DISTRICT,
            "Menschen und Teams",
            "Menschen",
            "person",
            "/koordination/people/person/",
            310,
        ),
        MenuEntry(
            Host.DISTRICT,
            "Menschen und Teams",
            "Einwilligungen",
            "verified_user",
            "/koordination/people/consent/",
            330,
            roles=("coordinator",),
        ),
    )
