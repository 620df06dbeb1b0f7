"""Pictures that were uploaded and are not drawn yet (docs/decisions/0051-pictures-drawn-later.md).

A picture is looked into at once, so that errors stay in the form, and kept as it came in a folder
that nobody is served from, under the name that the drawn one will have. A worker draws it.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext as _

from wiq import queueing
from wiq.media.pictures import (
    SMALLER,
    WAITING,
    Outline,
    keep_smaller,
    look,
    redraw,
    remove_file_after_commit,
)
from wiq.media.quota import check_room_for
from wiq.media.storage import district_files
from wiq.tenancy import connection

log = structlog.get_logger(__name__)
# How many pictures of a district wait at once: drawing one takes up to half a minute.
WAITING_MAX = 6
# A picture that somebody looks at and that still waits after so long is queued once more.
AGAIN_SECONDS = 60
TASK = "wiq.media.tasks.draw"


@dataclass(frozen=True)
class Kept:
    """A picture that waits: the name that it will have, and its size then."""

    name: str
    width: int
    height: int


def keep_to_draw(file: File, folder: str) -> Kept:
    """Look into a picture and keep it; it is drawn after the transaction commits.

    Raises ValidationError for what is no picture, where too many of the district wait, and where
    its room is used up.
    """
    outline = look(file)
    _check_few_wait()
    check_room_for(file.size)
    return _keep(file, folder, outline)


def _keep(file: File, folder: str, outline: Outline) -> Kept:
    name = f"{folder}/{secrets.token_hex(12)}{outline.ending}"
    file.seek(0)
    default_storage.save(f"{WAITING}/{name}", ContentFile(file.read()))
    schema_name = connection.schema_name
    transaction.on_commit(lambda: _send(name, schema_name))
    return Kept(name, outline.width, outline.height)


def _send(name: str, schema_name: str) -> None:
    queueing.send(TASK, name, schema_name=schema_name)


def _check_few_wait() -> None:
    waiting = len(_names())
    if waiting >= WAITING_MAX:
        raise ValidationError(
            _(
                "Es werden noch %(count)s Bilder Ihres Quartiers vorbereitet. Bitte versuchen Sie es in ein paar Minuten noch einmal."
            )
            % {"count": waiting}
        )


def keep_picture_alone(instance: models.Model, field: str) -> None:
    """Keep a newly uploaded picture to be drawn, and delete the old file after the commit.

    Call it before the row is saved, in the same transaction.
    """
    picture = getattr(instance, field)
    if picture and not picture._committed:
        column = instance._meta.get_field(field)
        assert isinstance(column, models.FileField)
        folder = str(column.upload_to).rstrip("/")
        kept = keep_to_draw(picture.file, folder)
        # Not set on the object: Django would open the picture, which is still to be drawn.
        picture.name, picture._committed = kept.name, True
        for attribute, size in (("width_field", kept.width), ("height_field", kept.height)):
            if name := getattr(column, attribute, None):
                setattr(instance, name, size)
    before = type(instance)._default_manager.filter(pk=instance.pk).values_list(field, flat=True)
    old = before.first()
    if old and old != getattr(instance, field).name:
        remove_file_after_commit(old)


def is_waiting(name: str) -> bool:
    """Tell whether a picture is not drawn yet."""
    return bool(district_files().exists(f"{WAITING}/{name}"))


def queue_again(name: str) -> None:
    """Queue a picture that waits once more, if nobody has done so for a while."""
    if cache.add(f"drawing:{name}", "1", AGAIN_SECONDS):
        _send(name, connection.schema_name)


def check_all_drawn() -> None:
    """Raise ValidationError while a picture of the district waits, and have it drawn.

    What came from a camera says where and when it was taken: it leaves the platform drawn only.
    """
    names = _names()
    for name in names:
        queue_again(name)
    if names:
        raise ValidationError(
            _(
                "Einige Bilder werden noch vorbereitet. Bitte versuchen Sie es in ein paar Minuten noch einmal."
            )
        )


def _names() -> list[str]:
    """Return the names that the district's waiting pictures will have."""
    waiting = list(district_files().everything(WAITING))
    return [str(Path(file.name).relative_to(WAITING)) for file in waiting]


def draw(name: str) -> None:
    """Draw a picture that waits. May run twice, or after the picture was deleted."""
    files = district_files()
    try:
        opened = files.read(f"{WAITING}/{name}")
    except FileNotFoundError:
        return
    with opened.content as content:
        given = ContentFile(content.read())
    try:
        drawn = redraw(given, "")
    except ValidationError:
        log.error("media.not_drawn", file=name)
        files.delete(f"{WAITING}/{name}")
        return
    if not is_waiting(name):  # deleted meanwhile
        return
    # What a run that was killed left behind.
    files.delete(name)
    files.remove_all(f"{SMALLER}/{name}")
    files.save(name, ContentFile(drawn.content))
    keep_smaller(files, name, drawn)
    files.delete(f"{WAITING}/{name}")


def draw_all() -> None:
    """Draw every picture of the district that waits."""
    for name in _names():
        draw(name)
