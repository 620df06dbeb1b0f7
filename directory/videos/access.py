"""The one way to fetch a video for somebody."""

from django.http import Http404

from directory.videos.models import Video


def shown_video(number: int) -> Video:
    """Return a video that everybody may see, or answer that it is not there."""
    found: Video | None = Video.objects.shown().filter(pk=number).first()
    if found is None:
        raise Http404
    return found
