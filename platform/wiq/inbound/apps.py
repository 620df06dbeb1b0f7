from wiq.rooms import RoomConfig, Tables


class InboundConfig(RoomConfig):
    name = "wiq.inbound"
    verbose_name = "Posteingang"
    tables = Tables.PUBLIC
