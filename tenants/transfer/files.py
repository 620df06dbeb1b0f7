"""The pictures and films in an imported district's file."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenants.transfer.file_format import FileError, told
from tenants.transfer.sources import DistrictFile
from wiq.media.films import is_film, rewritten
from wiq.media.pictures import check_picture, keep_smaller_after_commit, redraw


def store(file: DistrictFile, name: str) -> None:
    """Store a redrawn picture with its smaller versions, or a rewritten film, under its name.

    As with an upload, everything else in the file is dropped: it may come from anywhere. Raises
    FileError for a file that is neither a picture nor a film, and for a film whose extension does
    not match its kind.
    """
    content = ContentFile(b"".join(file.chunks(f"files/{name}")), name=name)
    drawn = None
    try:
        if is_film(name):
            kept = _film(content, name)
        else:
            check_picture(content)  # type: ignore[arg-type]
            drawn = redraw(content, Path(name).suffix)
            kept = drawn.content
    except ValidationError as error:
        raise FileError(f"files/{name}: {told(error)}") from None
    stored = default_storage.save(name, ContentFile(kept))
    if stored != name:
        raise FileError(f"files/{name}: is there already")
    if drawn is not None:
        keep_smaller_after_commit(name, drawn)


def _film(content: ContentFile, name: str) -> bytes:
    film = rewritten(content)
    if film.path.suffix != Path(name).suffix:
        raise FileError(f"files/{name}: this film ends with {film.path.suffix}")
    return film.path.read_bytes()
