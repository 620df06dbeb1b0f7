from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class VideosConfig(RoomConfig):
    name = "directory.videos"
    verbose_name = "Videos"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("*",), "editor": ("*",)}
    # A film of 60 MB and the rest of the form.
    body_limits = {"/koordination/videos/video/": 61_000_000}
    urls = (UrlList(Host.DISTRICT, "directory.videos.urls_media", "medien/video/"),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Menschen und Teams"),
            _("Videos"),
            "movie",
            "/koordination/videos/video/",
            320,
        ),
    )
