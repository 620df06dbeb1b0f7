"""A video's film, captions and still, while the video is published."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from directory.videos import access
from wiq.media.films import film_response
from wiq.media.responses import picture_response


@require_safe
def film(request: HttpRequest, number: int) -> HttpResponseBase:
    """Serve a published film; the file has no public address."""
    return film_response(request, str(access.shown_video(number).film.name))


@require_safe
def captions(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """Serve the captions of a published film in one language."""
    video = access.shown_video(number)
    text = {"de": video.captions, "en": video.captions_en}.get(language)
    if not text:
        raise Http404
    response = HttpResponse(text, content_type="text/vtt; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def poster(request: HttpRequest, number: int, small: str = "") -> HttpResponseBase:
    """Serve the still of a published film."""
    return picture_response(request, str(access.shown_video(number).poster.name), small)
