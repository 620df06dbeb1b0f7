from django.utils.translation import gettext_lazy as _

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
            _("Menschen und Teams"),
            _("Teams"),
            "groups",
            "/koordination/people/team/",
            300,
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Menschen und Teams"),
            _("Menschen"),
            "person",
            "/koordination/people/person/",
            310,
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Menschen und Teams"),
            _("Einwilligungen"),
            "verified_user",
            "/koordination/people/consent/",
            330,
            roles=("coordinator",),
        ),
    )
