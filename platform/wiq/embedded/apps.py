from wiq.rooms import Host, RoomConfig, UrlList


class EmbeddedConfig(RoomConfig):
    name = "wiq.embedded"
    verbose_name = "Eingebaute Server"
    urls = (
        UrlList(Host.PLATFORM, "wiq.embedded.postbox", "postfach/", setting="WIQ_MAIL_CATCHER"),
    )
    no_robots = {Host.PLATFORM: ("/postfach/",)}
