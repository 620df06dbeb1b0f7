"""What every answer carries, whatever it says: headers and cookies as in production."""

from typing import Any

from tests.isolation.routes import ANYBODY, READING, Route

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Permissions-Policy": "camera=()",
    "Content-Security-Policy": "default-src 'none'",
}
# The list that may stand in a frame of any site: it says so by its policy instead.
IN_FRAMES = "einbetten/"
# The two administrations need eval and inline styles (unfold); the API's page of Swagger, too.
LESS_STRICT = ("koordination/", "plattform/", "api/docs/", "medien/")
# Pages on which one signs in or works have a form that needs a cookie.
WITH_COOKIES = ("anmelden/", "vorschau/", "koordination/", "plattform/")
PRODUCTION = {
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_NAME": "__Host-session",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
}


def missing_anywhere(response: Any) -> list[str]:
    """Say which headers an answer lacks that has nothing to show at all."""
    return [
        f"header {name}: {response.get(name)}"
        for name in ("X-Content-Type-Options", "Content-Security-Policy")
        if not response.get(name)
    ]


def missing(response: Any, route: Route, method: str, is_visitor: bool) -> list[str]:
    """Say which headers an answer lacks and which cookies it should not set."""
    wrong = [
        f"header {name}: {response.get(name)}"
        for name, wanted in ALWAYS.items()
        if not (name == "X-Frame-Options" and route.path == IN_FRAMES)
        and (wanted not in response.get(name, "-" if wanted else "") or not response.get(name))
    ]
    policy = response.get("Content-Security-Policy", "")
    plain = route.path.removeprefix("en/")
    if "unsafe" in policy and not plain.startswith(LESS_STRICT):
        wrong.append(f"header Content-Security-Policy: {policy}")
    for name, cookie in response.cookies.items():
        if cookie["max-age"] == 0:  # one that is taken away
            continue
        safe = cookie["secure"] and cookie["httponly"] and cookie["path"] == "/"
        if not name.startswith("__Host-") or not safe or cookie["domain"] or not cookie["samesite"]:
            wrong.append(f"cookie {name}: {cookie.OutputString().partition('=')[2][-80:]}")
        if (
            is_visitor
            and method in READING
            and route.rule.reads == ANYBODY
            and not (plain.startswith(WITH_COOKIES))
        ):
            wrong.append(f"cookie {name} on a page for anybody")
    return wrong
