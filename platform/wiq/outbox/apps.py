from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "wiq.outbox"
    verbose_name = "Postausgang"
