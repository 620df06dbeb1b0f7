"""Where a sign-in leads on from, in no language of its own."""

from django.urls import path

from wiq.accounts.views import after_login

urlpatterns = [
    path("weiter/", after_login, name="after_login"),
]
