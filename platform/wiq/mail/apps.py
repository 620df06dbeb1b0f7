from wiq.queues import Queue
from wiq.rooms import RoomConfig, Tables


class MailConfig(RoomConfig):
    name = "wiq.mail"
    verbose_name = "E-Mails"
    tables = Tables.BOTH
    queue = Queue.MAIL
    roles = {
        "coordinator": ("view_message", "view_refusedaddress"),
        "project_team": ("view_message", "view_refusedaddress"),
    }
