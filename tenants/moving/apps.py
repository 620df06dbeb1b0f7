from django.utils.translation import gettext_lazy as _

from wiq.queues import Queue
from wiq.rooms import Host, MenuEntry, RoomConfig, Tables


class MovingConfig(RoomConfig):
    name = "tenants.moving"
    verbose_name = "Umzug"
    tables = Tables.PUBLIC
    queue = Queue.DISTRICTS
    roles = {"project_team": ("view_*",)}
    menu = (
        MenuEntry(
            Host.PLATFORM, _("Nachsehen"), _("Umzüge"), "moving", "/plattform/moving/move/", 302
        ),
    )
    # The rows of a district, packed, and a film of it.
    body_limits = {"/api/v1/moves/": 100_000_000}
    bearers = {"/api/v1/moves/": "tenants.moving.tokens.is_known"}
