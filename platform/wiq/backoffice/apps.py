from wiq.rooms import Host, MenuEntry, RoomConfig


class BackofficeConfig(RoomConfig):
    name = "wiq.backoffice"
    verbose_name = "Konten und Protokoll an beiden Pulten"
    menu = (
        MenuEntry(
            Host.DISTRICT,
            "Wer mitarbeitet",
            "Konten",
            "manage_accounts",
            "/koordination/accounts/user/",
            500,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            "Wer mitarbeitet",
            "Einladungen",
            "forward_to_inbox",
            "/koordination/accounts/invitation/",
            510,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.DISTRICT,
            "Nachsehen",
            "Protokoll",
            "history",
            "/koordination/audit/entry/",
            600,
            roles=("coordinator",),
        ),
        MenuEntry(
            Host.PLATFORM, "Nachsehen", "Protokoll", "history", "/plattform/audit/entry/", 310
        ),
        MenuEntry(
            Host.PLATFORM,
            "Menschen im Projektteam",
            "Konten",
            "person",
            "/plattform/accounts/user/",
            400,
        ),
        MenuEntry(
            Host.PLATFORM,
            "Menschen im Projektteam",
            "Einladungen",
            "mail",
            "/plattform/accounts/invitation/",
            410,
        ),
    )
