"""Every night: delete the files that no row names.

A file is written before its row is committed, and deleted after. A rollback, a crash in between or
a storage that is away leaves it behind: a withdrawn portrait, perhaps.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import PurePath

import structlog
from django.db import models

from wiq.media.pictures import SMALLER, WAITING
from wiq.media.storage import FilesAway, district_files
from wiq.night import Chore, chores
from wiq.rooms import Registry, rooms

log = structlog.get_logger(__name__)
# Longer than any upload takes from its file to the commit of its row.
AGE_SECONDS = 86_400
# Asked before: whether rows that can't be seen from here may still name files of this district.
still_named: "Registry[Callable[[], bool]]" = Registry("returning")


def _fields() -> Iterator[tuple[type[models.Model], models.FileField]]:
    for room in rooms():
        for model in room.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.FileField):
                    yield model, field


def _original(name: str) -> str:
    """Return the name that a row would hold: of a smaller or waiting one, that of the picture."""
    path = PurePath(name)
    if path.parts[0] == WAITING:
        return str(PurePath(*path.parts[1:]))
    return str(PurePath(*path.parts[1:-1])) if path.parts[0] == SMALLER else name


def delete_files_of_nobody() -> int:
    """Delete old files of the current district that no row names; return how many."""
    if any(asked() for asked in still_named):
        return 0
    before = time.time() - AGE_SECONDS
    fields = list(_fields())
    folders = {str(field.upload_to).rstrip("/") for _model, field in fields}
    try:
        old = [file.name for file in district_files().everything() if file.changed < before]
        # Asked after the files: whatever was saved in between is named.
        named = {
            name
            for model, field in fields
            for name in model._default_manager.values_list(field.name, flat=True)
        }
        gone = [
            name
            for name in old
            if _original(name).split("/")[0] in folders and _original(name) not in named
        ]
        for name in gone:
            district_files().delete(name)
    except FilesAway as error:
        log.error("media.night_failed", error=str(error))
        return 0
    return len(gone)


chores.register(Chore("files_of_nobody", delete_files_of_nobody))
