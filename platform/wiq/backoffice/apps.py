from django.utils.translation import gettext_lazy as _

from wiq.rooms import Host, MenuEntry, RoomConfig, UrlList


class BackofficeConfig(RoomConfig):
    name = "wiq.backoffice"
    verbose_name = "Konten und Protokoll an beiden Pulten"
    urls = (
        UrlList(Host.DISTRICT, "wiq.backoffice.urls_desk", "koordination/", translated=True),
        UrlList(Host.PLATFORM, "wiq.backoffice.urls_console", "plattform/", translated=True),
    )
    menu = (
        MenuEntry(
            Host.DISTRICT,
            _("Nachsehen"),
            _("Kommen unsere E-Mails an?"),
            "stethoscope",
            "/koordination/maildoktor/",
            607,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Nachsehen"),
            _("Kommen unsere E-Mails an?"),
            "stethoscope",
            "/plattform/maildoktor/",
            317,
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Wer mitarbeitet"),
            _("Konten"),
            "manage_accounts",
            "/koordination/accounts/user/",
            500,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Wer mitarbeitet"),
            _("Einladungen"),
            "forward_to_inbox",
            "/koordination/accounts/invitation/",
            510,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Wer mitarbeitet"),
            _("Schlüssel für Programme"),
            "vpn_key",
            "/koordination/accounts/apitoken/",
            520,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Nachsehen"),
            _("Protokoll"),
            "history",
            "/koordination/audit/entry/",
            600,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Nachsehen"),
            _("E-Mails, die nicht ankommen"),
            "unsubscribe",
            "/koordination/mail/message/",
            605,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            _("Nachsehen"),
            _("Adressen, an die nichts ankommt"),
            "mark_email_unread",
            "/koordination/mail/refusedaddress/",
            606,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Nachsehen"),
            _("Adressen, an die nichts ankommt"),
            "mark_email_unread",
            "/plattform/mail/refusedaddress/",
            316,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Nachsehen"),
            _("E-Mails, die nicht ankommen"),
            "unsubscribe",
            "/plattform/mail/message/",
            315,
        ),
        MenuEntry(
            Host.PLATFORM, _("Nachsehen"), _("Protokoll"), "history", "/plattform/audit/entry/", 310
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Menschen im Projektteam"),
            _("Konten"),
            "person",
            "/plattform/accounts/user/",
            400,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Menschen im Projektteam"),
            _("Einladungen"),
            "mail",
            "/plattform/accounts/invitation/",
            410,
        ),
        MenuEntry(
            Host.PLATFORM,
            _("Menschen im Projektteam"),
            _("Schlüssel für Programme"),
            "vpn_key",
            "/plattform/accounts/apitoken/",
            420,
        ),
    )
