"""What the proxy asks the platform."""

from django.urls import path

from tenants.console.views import certificate

urlpatterns = [
    path("zertifikat/", certificate),
]
