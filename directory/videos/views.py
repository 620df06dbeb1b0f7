"""A video's film, its captions and its still."""

from pathlib import Path

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from directory.videos import access
from directory.videos.models import Video
from tenants.districts.middleware import closed, is_visible
from wiq.media.byte_ranges import ranged_response
from wiq.media.pictures import picture_response
from wiq.tenancy import connection

KINDS = {".mp4": "video/mp4", ".webm": "video/webm"}


@require_safe
def film(request: HttpRequest, number: int) -> HttpResponseBase:
    """Give a film that is shown; the file itself has no address."""
    if not is_visible(request):
        return closed(request)
    return _given(request, str(access.shown_video(number).film.name))


@require_safe
def captions(request: HttpRequest, number: int, language: str) -> HttpResponse:
    """Give the captions of a film that is shown, in one language."""
    if not is_visible(request):
        return closed(request)
    video = access.shown_video(number)
    text = {"de": video.captions, "en": video.captions_en}.get(language)
    if not text:
        raise Http404
    response = HttpResponse(text, content_type="text/vtt; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def poster(request: HttpRequest, number: int, small: str = "") -> HttpResponseBase:
    """Give the still of a film that is shown."""
    if not is_visible(request):
        return closed(request)
    return picture_response(request, str(access.shown_video(number).poster.name), small)


@require_safe
def film_at_the_desk(request: HttpRequest, schema: str, name: str) -> HttpResponseBase:
    """Give a film to those who look after videos here, whether it is shown or not."""
    user = request.user
    may_see = user.is_authenticated and user.has_perm("videos.view_video")
    if not may_see or schema != connection.schema_name:
        raise Http404
    if not Video.objects.filter(film=f"videos/{name}").exists():
        raise Http404
    return _given(request, f"videos/{name}")


def _given(request: HttpRequest, name: str) -> HttpResponseBase:
    path = Path(default_storage.path(name))
    if not path.is_file():
        raise Http404
    return ranged_response(
        request, path, content_type=KINDS.get(path.suffix, "application/octet-stream")
    )
