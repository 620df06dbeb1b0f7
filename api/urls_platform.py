"""The API on the platform's host, under ``/api/``."""

from django.urls import path

from api import views
from api.documents import document_urls

urlpatterns = [
    path("v1/", views.IndexView.as_view()),
    path("v1/districts/", views.PublicDistrictsView.as_view()),
    *document_urls("wiq.urls.public"),
]
