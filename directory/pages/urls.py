"""Addresses of the public pages."""

from django.urls import path

from directory.pages import legal, news, still_right, views, who
from directory.solutions import posters

app_name = "pages"
urlpatterns = [
    path("", views.start, name="start"),
    path("menschen/", who.people, name="who"),
    path("loesungsteams/stimmt-das-noch/<signed:word>/", still_right.confirm, name="still_right"),
    path("neuigkeiten/", news.page, name="news"),
    path("neuigkeiten/feed/", news.feed, name="feed"),
    path("glossar/", views.glossary, name="glossary"),
    path("aushang/", posters.district, name="poster"),
    path("impressum/", legal.imprint, name="imprint"),
    path("datenschutz/", legal.privacy, name="privacy"),
    path("barrierefreiheit/", legal.accessibility, name="accessibility"),
]
