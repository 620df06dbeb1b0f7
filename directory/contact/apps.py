from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "directory.contact"
    verbose_name = "Kontakt"
