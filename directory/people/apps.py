from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "directory.people"
    verbose_name = "Menschen und Teams"
