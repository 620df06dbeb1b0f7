from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "directory.desk"
    verbose_name = "Koordination"
