from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, UrlList


class DoctorConfig(RoomConfig):
    name = "wiq.doctor"
    verbose_name = "Wie es der Plattform geht"
    urls = (UrlList(Host.PLATFORM, "wiq.doctor.urls", "plattform/", translated=True),)
    menu = (
        MenuEntry(
            Host.PLATFORM,
            _("Nachsehen"),
            _("Geht es der Plattform gut?"),
            "monitor_heart",
            "/plattform/doktor/",
            305,
        ),
    )
