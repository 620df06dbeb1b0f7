"""The preview picture of links and the icon of home screens, on every host."""

from django.urls import path

from wiq.media.share_picture import share_picture, touch_icon

urlpatterns = [
    path("teilen.png", share_picture, name="share_picture"),
    path("apple-touch-icon.png", touch_icon, name="touch_icon"),
]
