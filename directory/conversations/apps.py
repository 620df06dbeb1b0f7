from django.utils.translation import gettext_lazy as _

from wiq.rooms import RoomConfig, Tables


class ConversationsConfig(RoomConfig):
    name = "directory.conversations"
    verbose_name = _("Verlauf")
    tables = Tables.DISTRICT
    roles = {"coordinator": ("view_*", "change_*")}
