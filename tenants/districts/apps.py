from wiq.rooms import Host, RoomConfig, Tables, UrlList


class DistrictsConfig(RoomConfig):
    name = "tenants.districts"
    verbose_name = "Quartiere"
    tables = Tables.PUBLIC
    roles = {"project_team": ("view_*", "change_*", "add_operator", "add_platformoperator")}
    open_paths = ("/vorschau/", "/.well-known/", "/favicon.ico")
    urls = (
        UrlList(Host.DISTRICT, "tenants.districts.urls", "vorschau/"),
        *(UrlList(host, "tenants.districts.urls_well_known", "") for host in Host),
    )
