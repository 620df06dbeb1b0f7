"""The link with which a district is looked at before it is public."""

from django.urls import path

from tenants.districts.preview import enter

urlpatterns = [
    path("<signed:word>/", enter, name="preview"),
]
