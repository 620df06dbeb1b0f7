from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "directory.following"
    verbose_name = "Abonnements"
