from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "directory.ideas"
    verbose_name = "Ideen"
