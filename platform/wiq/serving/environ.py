"""A request as granian gives it (RSGI), written as Django reads it (WSGI, PEP 3333).

See https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

import sys
from functools import lru_cache
from http import HTTPStatus
from typing import Any

_BASE: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}


@lru_cache(maxsize=512)
def _name(header: str) -> str:
    """Return a header's name in the environment; an empty one for a header that is left out.

    In the environment ``x_forwarded_for`` would be ``X-Forwarded-For``, which a proxy takes care
    of, so names with an underscore are left out, as Django's own server and nginx do.
    """
    if "_" in header:
        return ""
    name = header.upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


# What decides whether a page from memory answers a request, and in which form.
_DECIDING = tuple(
    (header, _name(header))
    for header in (
        *("host", "authorization", "x-forwarded-proto"),
        *("accept-encoding", "if-none-match"),
    )
)


def _path_info(path: str) -> str:
    """Return a path as PEP 3333 has it: text that holds bytes."""
    return path if path.isascii() else path.encode().decode("latin-1")


def environ_of_address(scope: Any) -> dict[str, Any]:
    """Return as much of a request's environment as the memory of pages looks at."""
    environ = {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": _path_info(scope.path),
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
    }
    get = scope.headers.get
    for header, name in _DECIDING:
        value = get(header)
        if value is not None:
            environ[name] = value
    # The only one of them that a browser may send in several parts (RFC 9113, 8.2.3).
    if cookies := scope.headers.get_all("cookie"):
        environ["HTTP_COOKIE"] = "; ".join(cookies)
    return environ


def wsgi_environ(scope: Any) -> dict[str, Any]:
    """Return the environment of a request, without its body (``wsgi.input``).

    It holds nothing of this process's own environment, where secrets stand.
    """
    address, _colon, _port = scope.client.rpartition(":")
    server, _colon, port = scope.server.rpartition(":")
    environ = _BASE | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": _path_info(scope.path),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": address.strip("[]"),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.url_scheme": scope.scheme,
    }
    for header, value in scope.headers.items():
        name = _name(header)
        if name in environ:
            between = "; " if name == "HTTP_COOKIE" else ","
            environ[name] = f"{environ[name]}{between}{value}"
        elif name:
            environ[name] = value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


def status_code(status: str) -> int:
    """Return the number of a status line's end, such as ``200 OK``."""
    return int(status[:3])


def may_have_body(code: int) -> bool:
    """Tell whether an answer of this status has a body (RFC 9110, 6.4.1)."""
    return code >= HTTPStatus.OK and code not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
