from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, PublicEntry, RoomConfig, Tables, UrlList


class SolutionsConfig(RoomConfig):
    name = "directory.solutions"
    verbose_name = "Lösungsteams"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("*",), "editor": ("*",)}
    urls = (
        UrlList(Host.DISTRICT, "directory.solutions.urls_media", "medien/loesungsteam/"),
        UrlList(Host.DISTRICT, "directory.solutions.urls", "loesungsteams/", translated=True),
    )
    sitemap = {Host.DISTRICT: ("solutions:list",)}
    public_menu = (PublicEntry(_("Lösungsteams"), "solutions:list", "solutions", 200),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Lösungsteams"),
            _("Lösungsteams"),
            "handshake",
            "/koordination/solutions/solutionteam/",
            200,
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Lösungsteams"),
            _("Fokusthemen"),
            "sell",
            "/koordination/solutions/topic/",
            210,
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Lösungsteams"),
            _("Wörter für die Suche"),
            "manage_search",
            "/koordination/solutions/synonyms/",
            215,
        ),
    )
