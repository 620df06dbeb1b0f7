from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "tenants.transfer"
    verbose_name = "Übertragung"
