from django.apps import AppConfig


class SolutionsConfig(AppConfig):
    name = "directory.solutions"
    verbose_name = "Lösungsteams"
