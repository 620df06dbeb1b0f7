from wiq.queues import Queue
from wiq.rooms import RoomConfig, Tables


class CallsConfig(RoomConfig):
    name = "wiq.calls"
    verbose_name = "Aufrufe"
    tables = Tables.PUBLIC
    queue = Queue.CALLS
