"""Pictures of public solution teams."""

from django.urls import path

from directory.solutions.views import picture

urlpatterns = [
    path("<slug:slug>/<int:number>/", picture, name="picture"),
    path("<slug:slug>/<int:number>/<small:small>", picture, name="picture"),
]
