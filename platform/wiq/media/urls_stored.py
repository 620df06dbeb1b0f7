"""Where the desk's forms link to: the storage's own address of a file."""

from django.urls import path

from wiq.media.views import folders, stored_file

urlpatterns = [
    path(f"<schema:schema>/{folder}/<str:name>", stored_file, {"folder": folder})
    for folder in folders()
]
