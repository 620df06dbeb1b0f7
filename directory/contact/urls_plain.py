"""The contact form in plain German."""

from django.urls import path

from directory.contact.views import plain_contact

urlpatterns = [
    path("kontakt/einfach/", plain_contact, name="plain_contact"),
]
