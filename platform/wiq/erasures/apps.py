from wiq.rooms import RoomConfig, Tables


class ErasuresConfig(RoomConfig):
    name = "wiq.erasures"
    verbose_name = "Was gelöscht wurde"
    tables = Tables.DISTRICT
