from wiq.queues import Queue
from wiq.rooms import RoomConfig


class RestoringConfig(RoomConfig):
    name = "tenants.restoring"
    verbose_name = "Wiederherstellung"
    queue = Queue.DISTRICTS
