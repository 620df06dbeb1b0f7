"""The page that starts a support visit."""

from django.urls import path

from tenants.visits.views import handover

urlpatterns = [
    path("<signed:word>/", handover, name="handover"),
]
