"""Where a sign-in redirects to, the same in every language."""

from django.urls import path

from wiq.accounts.views import after_login

urlpatterns = [
    path("weiter/", after_login, name="after_login"),
]
