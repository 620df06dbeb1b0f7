from wiq.rooms import RoomConfig


class LifecycleConfig(RoomConfig):
    name = "tenants.lifecycle"
    verbose_name = "Lauf der Dinge"
