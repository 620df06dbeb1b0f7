from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, PublicEntry, RoomConfig, Tables, UrlList


class PagesConfig(RoomConfig):
    name = "directory.pages"
    verbose_name = "Seiten"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("*",), "editor": ("*",)}
    open_paths = ("/impressum/", "/datenschutz/", "/barrierefreiheit/")
    urls = (
        UrlList(Host.DISTRICT, "directory.pages.robots"),
        UrlList(Host.DISTRICT, "directory.pages.urls_once"),
        UrlList(Host.DISTRICT, "directory.pages.urls_style", "stil/", setting="WIQ_STYLE_PAGE"),
        UrlList(Host.DISTRICT, "directory.pages.urls", translated=True),
    )
    sitemap = {
        Host.DISTRICT: (
            *("pages:start", "pages:who", "pages:news", "pages:glossary", "pages:imprint"),
            *("pages:privacy", "pages:accessibility"),
        )
    }
    plain_sitemap = ("plain_start",)
    public_menu = (
        PublicEntry(_("Menschen"), "pages:who", "people", 100),
        PublicEntry(_("Neuigkeiten"), "pages:news", "news", 300),
    )
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Texte"),
            _("Glossar und Vorlagen"),
            "menu_book",
            "/koordination/pages/text/",
            400,
        ),
    )
