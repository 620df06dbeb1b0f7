from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "directory.pages"
    verbose_name = "Seiten"
