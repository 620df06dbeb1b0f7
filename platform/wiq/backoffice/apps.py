from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "wiq.backoffice"
    verbose_name = "Konten und Protokoll an beiden Pulten"
