from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "tenants.kit"
    verbose_name = "Startpaket"
