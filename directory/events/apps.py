from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, PublicEntry, RoomConfig, Tables, UrlList


class EventsConfig(RoomConfig):
    name = "directory.events"
    verbose_name = "Termine"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("*",), "editor": ("*",)}
    urls = (
        UrlList(Host.DISTRICT, "directory.events.urls", "termine/", translated=True),
        UrlList(
            Host.DISTRICT,
            "directory.events.urls_of_solution_teams",
            "loesungsteams/",
            translated=True,
        ),
        UrlList(Host.DISTRICT, "directory.events.urls_of_teams", "menschen/", translated=True),
    )
    sitemap = {Host.DISTRICT: ("events:list",)}
    public_menu = (PublicEntry(_("Termine"), "events:list", "events", 250),)
    menu = (
        MenuEntry(
            Host.DISTRICT, "Lösungsteams", "Termine", "event", "/koordination/events/event/", 230
        ),
    )
