"""The preview picture of links, on every host."""

from django.urls import path

from wiq.media.share_picture import share_picture

urlpatterns = [
    path("teilen.png", share_picture, name="share_picture"),
]
