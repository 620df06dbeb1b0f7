from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, UrlList


class DeskConfig(RoomConfig):
    name = "directory.desk"
    verbose_name = "Koordination"
    urls = (UrlList(Host.DISTRICT, "directory.desk.urls", "koordination/", translated=True),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Posteingang"),
            "inbox",
            "/koordination/posteingang/",
            105,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Leitfaden"),
            "route",
            "/koordination/leitfaden/",
            110,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Zahlen"),
            "bar_chart",
            "/koordination/zahlen/",
            152,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Persönliche Angaben zeigen oder löschen"),
            "shield_person",
            "/koordination/personendaten/",
            150,
            roles=("coordinator",),
        ),
    )
