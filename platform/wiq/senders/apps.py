from wiq.rooms import RoomConfig, Tables


class SendersConfig(RoomConfig):
    name = "wiq.senders"
    verbose_name = "Absender"
    tables = Tables.PUBLIC
