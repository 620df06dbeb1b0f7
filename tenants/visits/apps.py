from wiq.rooms import Host, RoomConfig, UrlList


class VisitsConfig(RoomConfig):
    name = "tenants.visits"
    verbose_name = "Besuche des Projektteams"
    urls = (UrlList(Host.DISTRICT, "tenants.visits.urls", "anmelden/"),)
