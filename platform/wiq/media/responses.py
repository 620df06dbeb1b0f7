"""Serving stored pictures."""

import mimetypes
from contextlib import suppress
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.html import escape
from django.utils.translation import gettext as _

from wiq.media.pictures import SMALLER
from wiq.media.storage import district_files
from wiq.media.waiting import is_waiting, queue_again

NOT_YET = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 240">'
    '<rect width="320" height="240" fill="#eceae4"/>'
    '<text x="160" y="126" font-family="sans-serif" font-size="20" text-anchor="middle"'
    ' fill="#333">{}</text></svg>'
)


def picture_response(request: HttpRequest, name: str, small: str = "") -> HttpResponseBase:
    """Serve a stored picture, or its smaller version (``320.avif``) if there is one.

    A withdrawn picture has to disappear at once, so no shared cache may keep it, and a browser
    has to ask again each time. If the smaller version is missing, the picture itself is served; of
    one that is not drawn yet, a drawing that says so.
    """
    etag = f'"{Path(name).stem}-{small}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    response = _first_there([f"{SMALLER}/{name}/{small}", name] if small else [name])
    if response is None:
        if not is_waiting(name):
            raise Http404
        return not_yet(name)
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = etag
    return response


def _first_there(names: list[str]) -> FileResponse | None:
    for name in names:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if name.endswith(".avif"):  # missing in the type tables of some systems
            kind = "image/avif"
        with suppress(FileNotFoundError, IsADirectoryError):
            return whole_file(name, content_type=kind)
    return None


def not_yet(name: str) -> HttpResponse:
    """Say that a picture is being prepared, and see to it that somebody does."""
    queue_again(name)
    text = escape(_("Das Bild wird vorbereitet."))
    response = HttpResponse(NOT_YET.format(text), content_type="image/svg+xml")
    response["Cache-Control"] = "no-store"
    return response


def whole_file(name: str, *, content_type: str) -> FileResponse:
    """Serve a stored file as it is. Raises FileNotFoundError."""
    opened = district_files().read(name)
    response = FileResponse(opened.content, filename=Path(name).name, content_type=content_type)
    response["Content-Length"] = opened.size
    return response
