"""The storage's own addresses of files, which the desk's forms link to."""

from django.urls import path

from wiq.media.views import folders, stored_file

urlpatterns = [
    path(f"<schema:schema>/{folder}/<str:name>", stored_file, {"folder": folder})
    for folder in folders()
]
