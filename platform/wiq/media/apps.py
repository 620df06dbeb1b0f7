from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "wiq.media"
    verbose_name = "Bilder und Filme"

    def ready(self) -> None:
        # Registers the part of an address that names a smaller picture.
        __import__("wiq.media.converters")
