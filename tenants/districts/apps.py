from django.apps import AppConfig


class DistrictsConfig(AppConfig):
    name = "tenants.districts"
    verbose_name = "Quartiere"
