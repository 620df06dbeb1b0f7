from wiq.rooms import RoomConfig, Tables


class EventsConfig(RoomConfig):
    name = "directory.events"
    verbose_name = "Termine"
    tables = Tables.DISTRICT
    roles = {"coordinator": ("*",), "editor": ("*",)}
