from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class FollowingConfig(RoomConfig):
    name = "directory.following"
    verbose_name = "Bestellungen der Neuigkeiten"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("view_subscription", "change_subscription", "delete_subscription")}
    # The way out of a mail (RFC 8058, 3.1: no redirect).
    open_on_every_host = ("/abonnieren/ende/",)
    urls = (UrlList(Host.DISTRICT, "directory.following.urls", "abonnieren/", translated=True),)
    sitemap = {Host.DISTRICT: ("following:form",)}
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Bestellungen der Neuigkeiten"),
            "notifications",
            "/koordination/following/subscription/",
            140,
            roles=("coordinator",),
        ),
    )
