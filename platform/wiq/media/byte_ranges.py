"""A large stored file, given in parts: what a browser needs to play it and to jump in it."""

import io
import re
import threading
from pathlib import Path
from typing import ClassVar

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

# A part goes out at once, so that a slow line holds no thread; browsers ask for the next one.
PART_MAX = 2_000_000
# How many may take a whole file at the same time in this process: each holds a thread.
WHOLE_MAX = 1
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")


class _Whole(io.FileIO):
    """A file that is given whole, and counts itself while it is open."""

    open_now: ClassVar = 0
    lock: ClassVar = threading.Lock()

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with self.lock:
            _Whole.open_now += 1

    def close(self) -> None:
        if not self.closed:
            with self.lock:
                _Whole.open_now -= 1
        super().close()


def ranged_response(request: HttpRequest, path: Path, *, content_type: str) -> HttpResponseBase:
    """Answer with a file, or the part of it that ``Range`` asks for (RFC 9110, 14).

    A part may be shorter than what was asked for (RFC 9110, 15.3.7). More than one range, or one
    that can't be read, counts as none. The file's name is its version: it never changes inside.
    """
    etag = quote_etag(path.stem)
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        size = path.stat().st_size
        match = _RANGE.match(request.headers.get("Range", ""))
        # A part of what the browser knows fits only to the same version (RFC 9110, 13.1.5).
        same = request.headers.get("If-Range", etag) == etag
        if match and any(match.groups()) and same and request.method == "GET":
            answer = _part(path, size, match[1], match[2])
        else:
            answer = _whole(path)
    answer["Cache-Control"] = "private, no-cache"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    if answer.status_code in (200, 206):
        answer["Content-Type"] = content_type
    return answer


def _part(path: Path, size: int, first: str, last: str) -> HttpResponse:
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    else:  # so many bytes at the end
        start, end = max(size - int(last), 0), size - 1
    end = min(end, start + PART_MAX - 1)
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as file:
        file.seek(start)
        content = file.read(end - start + 1)
    return HttpResponse(
        content, status=206, headers={"Content-Range": f"bytes {start}-{end}/{size}"}
    )


def _whole(path: Path) -> HttpResponseBase:
    if _Whole.open_now >= WHOLE_MAX:
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    return FileResponse(_Whole(path), filename=path.name)
