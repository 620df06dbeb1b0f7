"""Writing the videos of a district."""

import secrets

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

from directory.videos.captions import tidied
from directory.videos.models import Video
from wiq.actors import Actor
from wiq.audit import records
from wiq.media.films import FOLDER, Film
from wiq.media.pictures import keep, redraw, remove_file_after_commit


@transaction.atomic
def save(instance: Video, *, actor: Actor, film: Film | None = None) -> Video:
    """Check and save a new or changed video; ``film`` replaces the current one.

    The old film is deleted. Raises ValidationError if the video breaks a rule of its model.
    """
    rows = Video.objects.select_for_update().filter(pk=instance.pk)
    before = rows.first()
    for field in ("captions", "captions_en"):
        if text := getattr(instance, field).strip():
            setattr(instance, field, tidied(text))
    if film is not None:
        instance.has_sound = film.has_sound
        instance.full_clean()
        _keep(instance, film)
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


def _keep(video: Video, film: Film) -> None:
    """Store a film and its still in the district's folder, and set their names in the row."""
    still = keep(redraw(ContentFile(film.poster.read_bytes())), FOLDER)
    with film.path.open("rb") as content:
        name = default_storage.save(
            f"{FOLDER}/{secrets.token_hex(12)}{film.path.suffix}", File(content)
        )
    video.film = name
    video.poster = still
    video.seconds, video.has_sound = film.seconds, film.has_sound
    video.width, video.height = film.width, film.height
