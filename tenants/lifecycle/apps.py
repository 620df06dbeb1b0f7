from django.apps import AppConfig


class LifecycleConfig(AppConfig):
    name = "tenants.lifecycle"
    verbose_name = "Lauf der Dinge"
