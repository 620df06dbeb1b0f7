from wiq.rooms import RoomConfig, Tables


class ReputationConfig(RoomConfig):
    name = "wiq.reputation"
    verbose_name = "Ruf als Absender"
    tables = Tables.PUBLIC
