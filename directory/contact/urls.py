"""Addresses of the contact room, under ``/kontakt/``."""

from django.urls import path

from directory.contact import resident_links, views

app_name = "contact"
urlpatterns = [
    path("", views.contact, name="form"),
    path("danke/", views.received, name="received"),
    path("bearbeiten/<signed:word>/", views.link, name="link"),
    path("geholfen/<signed:word>/", resident_links.did_it_help, name="helped"),
    path("weitergabe/<signed:word>/", resident_links.may_it_go, name="referral"),
    path("<token:token>/", views.status, name="status"),
]
