"""Addresses that programs ask for by agreement."""

from django.urls import path

from tenants.districts.well_known import change_password, favicon, security_txt

urlpatterns = [
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path(".well-known/change-password", change_password, name="well_known_change_password"),
    path("favicon.ico", favicon, name="favicon"),
]
