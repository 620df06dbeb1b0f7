"""Writing the videos of a district."""

from django.db import models, transaction

from directory.videos.captions import tidied
from directory.videos.films import Film, store
from directory.videos.models import Video
from wiq.audit import records
from wiq.web.pictures import remove_file_after_commit

Actor = models.Model | str


@transaction.atomic
def save(instance: Video, *, actor: Actor, film: Film | None = None) -> Video:
    """Check and save a new or changed video; ``film``: the one that it has from now on.

    The film before it is removed. Raises ValidationError where a rule of the model is broken.
    """
    rows = Video.objects.select_for_update().filter(pk=instance.pk)
    before = rows.first()
    for field in ("captions", "captions_en"):
        if text := getattr(instance, field).strip():
            setattr(instance, field, tidied(text))
    if film is not None:
        instance.has_sound = film.has_sound
        instance.full_clean()
        store(instance, film)
    records.save(instance, actor=actor)
    if film is not None and before is not None:
        _remove_files(before)
    return instance


@transaction.atomic
def remove(instance: Video, *, actor: Actor) -> None:
    """Delete a video with its film."""
    _remove_files(instance)
    records.remove(instance, actor=actor)


def _remove_files(video: Video) -> None:
    for name in (str(video.film.name or ""), str(video.poster.name or "")):
        if name:
            remove_file_after_commit(name)
