"""The folder at a district's desk."""

from django.urls import path

from tenants.accountability import views

urlpatterns = [
    path("datenschutz/", views.desk_folder, name="desk_folder"),
    path("datenschutz/<slug:key>/", views.desk_document, name="desk_folder_document"),
    path("datenschutz/<slug:key>.pdf", views.desk_pdf, name="desk_folder_pdf"),
    path("datenschutz/<slug:key>/<int:number>/", views.desk_version, name="desk_folder_version"),
    path(
        "datenschutz/<slug:key>/<int:number>.pdf",
        views.desk_version_pdf,
        name="desk_folder_version_pdf",
    ),
]
