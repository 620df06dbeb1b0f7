from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, PublicEntry, RoomConfig, Tables, UrlList


class ContactConfig(RoomConfig):
    name = "directory.contact"
    verbose_name = "Kontakt"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("view_contactrequest", "add_contactrequest", "change_contactrequest")}
    urls = (
        UrlList(Host.DISTRICT, "directory.contact.urls_plain"),
        UrlList(Host.DISTRICT, "directory.contact.urls", "kontakt/", translated=True),
    )
    sitemap = {Host.DISTRICT: ("contact:form",)}
    plain_sitemap = ("plain_contact",)
    no_robots = {
        Host.DISTRICT: ("/kontakt/bearbeiten/", "/kontakt/geholfen/", "/kontakt/weitergabe/")
    }
    public_menu = (PublicEntry(_("Kontakt"), "contact:form", "contact", 600),)
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Heute"),
            _("Kontaktanfragen"),
            "mail",
            "/koordination/contact/contactrequest/",
            120,
            roles=("coordinator",),
        ),
    )
