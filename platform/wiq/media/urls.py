"""The picture that goes with a link to any page, on every host."""

from django.urls import path

from wiq.media.share_picture import share_picture

urlpatterns = [
    path("teilen.png", share_picture, name="share_picture"),
]
