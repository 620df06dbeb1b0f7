from wiq.rooms import Host, RoomConfig, Tables, UrlList


class DistrictsConfig(RoomConfig):
    name = "tenants.districts"
    verbose_name = "Quartiere"
    tables = Tables.PUBLIC
    roles = {"project_team": ("view_*", "change_*", "add_operator")}
    open_paths = ("/vorschau/",)
    urls = (UrlList(Host.DISTRICT, "tenants.districts.urls", "vorschau/"),)
