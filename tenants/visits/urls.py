"""The page that starts a support visit, and the button that ends it."""

from django.urls import path

from tenants.visits.views import handover, leave

urlpatterns = [
    path("uebergabe/<signed:word>/", handover, name="handover"),
    path("besuch/beenden/", leave, name="end_visit"),
]
