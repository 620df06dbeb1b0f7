from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    name = "wiq.web"
    verbose_name = "Oberfläche"

    def ready(self) -> None:
        # The checks register themselves; the rooms' admin modules register with our two sites.
        autodiscover_modules("admin")
        __import__("wiq.checks")
        # Registers the secret parts of addresses.
        __import__("wiq.web.converters")
