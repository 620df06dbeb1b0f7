from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "tenants.applications"
    verbose_name = "Bewerbungen"
