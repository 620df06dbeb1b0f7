from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, Tables, UrlList


class AccountsConfig(RoomConfig):
    name = "wiq.accounts"
    verbose_name = "Konten"
    tables = Tables.BOTH
    roles = {
        "coordinator": ("*_user", "*_invitation", "view_apitoken", "delete_apitoken"),
        "project_team": ("*_user", "*_invitation", "view_apitoken", "delete_apitoken"),
    }
    # A visit sees who works here, and neither makes nor changes an account.
    not_in_visits = ("add_*", "change_*", "delete_*")
    open_paths = ("/anmelden/",)
    no_robots = {Host.DISTRICT: ("/anmelden/",), Host.PLATFORM: ("/anmelden/",)}
    urls = tuple(
        url_list
        for host in Host
        for url_list in (UrlList(host, "wiq.accounts.urls", "anmelden/", translated=True),)
    )
    menu = tuple(
        entry
        for host in Host
        for entry in (
            MenuEntry(
                host,
                _("Mein Konto"),
                _("Zweiter Schritt beim Anmelden"),
                "key",
                "/anmelden/zweiter-faktor/",
                900,
            ),
            MenuEntry(host, _("Mein Konto"), _("Passwort"), "password", "/anmelden/passwort/", 910),
            MenuEntry(
                host,
                _("Mein Konto"),
                _("Wo ich angemeldet bin"),
                "devices",
                "/anmelden/sitzungen/",
                920,
            ),
        )
    )
