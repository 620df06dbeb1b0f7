"""Addresses of the following room, under ``/abonnieren/``."""

from django.urls import path

from directory.following import views

app_name = "following"
urlpatterns = [
    path("", views.form, name="form"),
    path("unterwegs/", views.asked, name="asked"),
    path("angehalten/", views.held, name="held"),
    path("bestaetigen/<signed:word>/", views.confirm, name="confirm"),
    path("ende/<token:token>/", views.end, name="end"),
]
