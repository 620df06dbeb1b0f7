"""Where the desk's forms link to: the storage's own address of a file."""

from django.urls import path

from wiq.media.views import stored_file

urlpatterns = [path("<schema:schema>/<slug:folder>/<str:name>", stored_file)]
