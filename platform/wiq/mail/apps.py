from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "wiq.mail"
    verbose_name = "Mails"
