from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, PublicEntry, RoomConfig, Tables, UrlList


class IdeasConfig(RoomConfig):
    name = "directory.ideas"
    verbose_name = "Ideen"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("view_*", "change_idea")}
    urls = (UrlList(Host.DISTRICT, "directory.ideas.urls", "idee/", translated=True),)
    sitemap = {Host.DISTRICT: ("ideas:form",)}
    no_robots = {Host.DISTRICT: ("/idee/geholfen/",)}
    public_menu = (PublicEntry(_("Ihre Idee"), "ideas:form", "ideas", 500),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Ideen"),
            "lightbulb",
            "/koordination/ideas/idea/",
            130,
            roles=("coordinator",),
        ),
    )
