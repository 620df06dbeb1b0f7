"""Pages for people who are not signed in: forms without a cookie, pages nobody may store."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from wiq.web.errors import from_elsewhere

View = Callable[..., HttpResponse]


def comes_from_this_site(request: HttpRequest) -> bool:
    """Tell whether a post comes from a page of this host, as far as the browser says.

    Every current browser sends Sec-Fetch-Site; older ones send Origin. A program sends neither. It
    holds no session that could be misused, so it may post. A sibling subdomain counts as another
    site. See
    https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == request.get_host().lower()
    except ValueError:
        return False


def from_this_site(view: View) -> View:
    """Refuse posts that another site made a visitor send. Replaces a CSRF cookie."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not comes_from_this_site(request):
            return from_elsewhere(request)
        return view(request, *args, **kwargs)

    return guarded


def private_page(referrer_policy: str) -> Callable[[View], View]:
    """Keep a page with a secret address out of caches, search engines and Referer headers."""

    def decorate(view: View) -> View:
        @wraps(view)
        def private(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response["Cache-Control"] = "no-store"
            response["X-Robots-Tag"] = "noindex, nofollow"
            response["Referrer-Policy"] = referrer_policy
            return response

        return private

    return decorate
