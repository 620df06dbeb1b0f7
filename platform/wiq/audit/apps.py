from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "wiq.audit"
    verbose_name = "Protokoll"
