"""Fetching a video for somebody who may see it."""

from django.http import Http404

from directory.videos.models import Video


def shown_video(number: int) -> Video:
    """Return a published video, or raise Http404."""
    found: Video | None = Video.objects.shown().filter(pk=number).first()
    if found is None:
        raise Http404
    return found
