"""The icon in the browser's tab, on every host."""

from django.urls import path

from wiq.web.symbol import symbol

urlpatterns = [
    path("symbol.svg", symbol, name="symbol"),
]
