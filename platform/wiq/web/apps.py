from wiq import logs
from wiq.declared import secret_names
from wiq.rooms import Host, RoomConfig, UrlList


class WebConfig(RoomConfig):
    name = "wiq.web"
    verbose_name = "Oberfläche"
    open_paths = ("/symbol.svg",)
    urls = (UrlList(Host.DISTRICT, "wiq.web.urls"), UrlList(Host.PLATFORM, "wiq.web.urls"))

    def ready(self) -> None:
        __import__("wiq.checks")
        __import__("wiq.declaration_checks")
        logs.secret_names |= secret_names()
        # Registers the path converters for secret tokens.
        __import__("wiq.web.converters")
