"""The preview link of a district that is not public yet."""

from django.urls import path

from tenants.districts.preview import enter

urlpatterns = [
    path("<signed:word>/", enter, name="preview"),
]
