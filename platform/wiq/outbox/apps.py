from wiq.queues import Queue
from wiq.rooms import RoomConfig, Tables


class OutboxConfig(RoomConfig):
    name = "wiq.outbox"
    verbose_name = "Postausgang"
    tables = Tables.PUBLIC
    queue = Queue.SWEEPS
