from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tenants.catalogue"
    verbose_name = "Zum Nachmachen"
