"""Serving parts of a large stored file: browsers need them to play a film and to seek in it."""

import re
import threading
from pathlib import PurePath
from typing import IO, ClassVar

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from wiq.media.storage import district_files

# A part is small enough to be sent at once, so that a slow connection blocks no thread. Browsers
# then ask for the next one.
PART_MAX = 2_000_000
# How many downloads of a whole file this process serves at a time: each blocks a thread.
WHOLE_MAX = 1
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")


class _Whole:
    """A file that is served whole; counts how many of them are open."""

    open_now: ClassVar = 0
    lock: ClassVar = threading.Lock()

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.closed = False
        with self.lock:
            _Whole.open_now += 1

    def read(self, size: int = -1) -> bytes:
        return self.content.read(size)

    def close(self) -> None:
        with self.lock:
            _Whole.open_now -= not self.closed
            self.closed = True
        self.content.close()


def ranged_response(request: HttpRequest, name: str, *, content_type: str) -> HttpResponseBase:
    """Return a stored file, or the part that ``Range`` asks for (RFC 9110, 14).

    A part may be shorter than requested (RFC 9110, 15.3.7). Several ranges, or an invalid one,
    are ignored. The file's name serves as its version, because its content never changes.
    Raises FileNotFoundError.
    """
    etag = quote_etag(PurePath(name).stem)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        size = district_files().size(name)
        match = _RANGE.match(request.headers.get("Range", ""))
        # A part is only of use to a browser that has the same version (RFC 9110, 13.1.5).
        same = request.headers.get("If-Range", etag) == etag
        if match and any(match.groups()) and same and request.method == "GET":
            answer = _part(name, size, match[1], match[2])
        else:
            answer = HttpResponse() if request.method == "HEAD" else _whole(name)
            if answer.status_code == 200:
                answer["Content-Length"] = size
    answer["Cache-Control"] = "private, no-cache"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    if answer.status_code in (200, 206):
        answer["Content-Type"] = content_type
    return answer


def _part(name: str, size: int, first: str, last: str) -> HttpResponse:
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    else:  # the last bytes of the file
        start, end = max(size - int(last), 0), size - 1
    end = min(end, start + PART_MAX - 1)
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    content = district_files().read_part(name, start, end - start + 1)
    return HttpResponse(
        content, status=206, headers={"Content-Range": f"bytes {start}-{end}/{size}"}
    )


def _whole(name: str) -> HttpResponseBase:
    if _Whole.open_now >= WHOLE_MAX:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    opened = district_files().read(name)
    return FileResponse(_Whole(opened.content), filename=PurePath(name).name)
