"""Where a support visit begins."""

from django.urls import path

from tenants.visits.views import handover

urlpatterns = [
    path("<signed:word>/", handover, name="handover"),
]
