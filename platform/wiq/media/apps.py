from wiq.queues import Queue
from wiq.rooms import Host, RoomConfig, UrlList


class MediaConfig(RoomConfig):
    name = "wiq.media"
    verbose_name = "Bilder und Filme"
    queue = Queue.PICTURES
    # districts.middleware.FileMiddleware decides who may see these files.
    open_paths = ("/medien/",)
    urls = (
        UrlList(Host.DISTRICT, "wiq.media.urls"),
        UrlList(Host.DISTRICT, "wiq.media.urls_stored", "medien/"),
        UrlList(Host.PLATFORM, "wiq.media.urls"),
    )

    def ready(self) -> None:
        # Registers the path converters for a smaller picture and for a schema.
        __import__("wiq.media.converters")
