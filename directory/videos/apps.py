from django.apps import AppConfig


class VideosConfig(AppConfig):
    name = "directory.videos"
    verbose_name = "Videos"
