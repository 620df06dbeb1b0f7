from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "wiq.embedded"
    verbose_name = "Eingebaute Server"
