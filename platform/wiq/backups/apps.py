from wiq.rooms import RoomConfig


class BackupsConfig(RoomConfig):
    name = "wiq.backups"
    verbose_name = "Sicherungen"
