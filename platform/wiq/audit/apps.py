from wiq.rooms import RoomConfig, Tables


class AuditConfig(RoomConfig):
    name = "wiq.audit"
    verbose_name = "Protokoll"
    tables = Tables.BOTH
    roles = {"coordinator": ("view_entry",), "project_team": ("view_entry",)}
