from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "tenants.console"
    verbose_name = "Konsole"
