from wiq.rooms import Host, RoomConfig, UrlList


class MediaConfig(RoomConfig):
    name = "wiq.media"
    verbose_name = "Bilder und Filme"
    # Who may see a file is decided for all of them by districts.middleware.FileMiddleware.
    open_paths = ("/medien/",)
    urls = (
        UrlList(Host.DISTRICT, "wiq.media.urls"),
        UrlList(Host.DISTRICT, "wiq.media.urls_stored", "medien/"),
        UrlList(Host.PLATFORM, "wiq.media.urls"),
    )

    def ready(self) -> None:
        # Registers the parts of addresses that name a smaller picture and a schema.
        __import__("wiq.media.converters")
