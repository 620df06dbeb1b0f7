"""Published films with their captions and stills."""

from django.urls import path

from directory.videos.views import captions, film, poster

urlpatterns = [
    path("<int:number>/", film, name="video_film"),
    path("<int:number>/<slug:language>.vtt", captions, name="video_captions"),
    path("<int:number>/bild/<small:small>", poster, name="video_poster"),
]
