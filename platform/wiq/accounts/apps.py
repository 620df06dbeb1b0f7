from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wiq.accounts"
    verbose_name = "Konten"
