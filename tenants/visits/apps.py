from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "tenants.visits"
    verbose_name = "Besuche des Projektteams"
