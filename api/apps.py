from wiq.rooms import Host, RoomConfig, UrlList


class ApiConfig(RoomConfig):
    name = "api"
    verbose_name = "API"
    no_robots = {Host.DISTRICT: ("/api/",), Host.PLATFORM: ("/api/",)}
    # As much as most mail servers take.
    body_limits = {"/api/v1/inbound/": 26_214_400}
    bearers = {"/api/v1/inbound/": "WIQ_INBOUND_TOKEN"}
    urls = (
        UrlList(Host.DISTRICT, "api.urls_district", "api/"),
        UrlList(Host.PLATFORM, "api.urls_platform", "api/"),
    )
