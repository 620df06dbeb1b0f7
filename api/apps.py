from wiq.rooms import Host, RoomConfig, UrlList


class ApiConfig(RoomConfig):
    name = "api"
    verbose_name = "API"
    no_robots = {Host.DISTRICT: ("/api/",), Host.PLATFORM: ("/api/",)}
    urls = (
        UrlList(Host.DISTRICT, "api.urls_district", "api/"),
        UrlList(Host.PLATFORM, "api.urls_platform", "api/"),
    )
