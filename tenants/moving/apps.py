from wiq.rooms import RoomConfig


class MovingConfig(RoomConfig):
    name = "tenants.moving"
    verbose_name = "Umzug"
