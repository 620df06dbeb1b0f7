"""Signing in, under ``/anmelden/``: allauth's pages without those for sign-up."""

from allauth.account import views
from django.urls import include, path, re_path

from wiq.accounts.views import SignIn, after_login, invitation, own_sessions

urlpatterns = [
    path("einladung/<signed:word>/", invitation, name="invitation"),
    path("weiter/", after_login, name="after_login"),
    path("", SignIn.as_view(), name="account_login"),
    path("abmelden/", views.logout, name="account_logout"),
    path("sitzungen/", own_sessions, name="own_sessions"),
    path("gesperrt/", views.account_inactive, name="account_inactive"),
    path("konto-anlegen/", views.signup, name="account_signup"),
    path("bestaetigen/", views.reauthenticate, name="account_reauthenticate"),
    path("passwort/", views.password_change, name="account_change_password"),
    path("passwort/setzen/", views.password_set, name="account_set_password"),
    path("passwort/vergessen/", views.password_reset, name="account_reset_password"),
    path(
        "passwort/vergessen/gesendet/",
        views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "passwort/neu/fertig/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("zweiter-faktor/", include("allauth.mfa.urls")),
]
