"""One page for all installations: what each is, and the districts of all."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenants.cells import own, room, services
from tenants.cells.asking import Query, others
from tenants.cells.services import Seen
from tenants.cells.told import About, Lines
from tenants.districts.models import State
from wiq.admin.sites import platform_site

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for; ``host`` is the one installation that is shown."""

    words: str
    state: str
    host: str
    number: int

    def query_for(self, host: str) -> Query | None:
        """Return which districts of an installation are shown; None: none of them."""
        if self.host not in ("", host):
            return None
        return Query(self.words, self.state, self.number if self.host else 1)

    def address(self, host: str, number: int) -> str:
        """Return the address of another page of one installation's districts."""
        asked = {"q": self.words, "zustand": self.state, "installation": host, "seite": number}
        return f"?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True)
class Shown:
    """An installation on the page."""

    host: str
    about: About | None
    lines: Lines | None
    seen: Seen | None = None
    is_listed: bool = True
    before: str = ""
    after: str = ""


@require_safe
def installations(request: HttpRequest) -> HttpResponse:
    """Show all installations; one that does not answer is named, and the page does not wait."""
    user: Any = request.user
    if not user.has_perm("districts.view_district"):
        raise PermissionDenied
    if not settings.WIQ_CELLS:
        raise Http404
    asked = _asked(request)
    shown = _shown(asked)
    context = platform_site.each_context(request) | {
        "title": _("Alle Installationen"),
        "shown": shown,
        "listed": [one for one in shown if one.is_listed],
        "asked": asked,
        "states": [choice for choice in State.choices if choice[0] != State.DELETED],
        "full": room.if_full(),
        "all": sum(one.about.districts for one in shown if one.about),
        "missing": [one for one in shown if one.about is None],
    }
    return TemplateResponse(request, "cells/installations.html", context)


def _asked(request: HttpRequest) -> Asked:
    state, number = request.GET.get("zustand", ""), request.GET.get("seite", "")
    host = request.GET.get("installation", "")
    known = {settings.WIQ_DOMAIN, *(cell.host for cell in others())}
    return Asked(
        words=" ".join(request.GET.get("q", "")[:LONGEST_SEARCH].split()),
        state=state if state in State.values else "",
        host=host if host in known else "",
        number=int(number) if number.isdecimal() and 0 < len(number) < 6 else 1,
    )


def _shown(asked: Asked) -> list[Shown]:
    """Return this installation first, then the others."""
    cells = others()
    seen = services.look(cells, [asked.query_for(cell.host) for cell in cells])
    here = asked.query_for(settings.WIQ_DOMAIN)
    lines = own.lines(here.words, here.state, here.number) if here is not None else None
    return [
        _one(asked, settings.WIQ_DOMAIN, own.about(), lines),
        *(_one(asked, one.cell.host, one.about, one.lines, one) for one in seen),
    ]


def _one(
    asked: Asked, host: str, about: About | None, lines: Lines | None, seen: Seen | None = None
) -> Shown:
    query = asked.query_for(host)
    number = query.number if query is not None else 1
    return Shown(
        host, about, lines, seen,
        is_listed=query is not None,
        before=asked.address(host, number - 1) if number > 1 else "",
        after=asked.address(host, number + 1) if lines is not None and lines.has_next else "",
    )  # fmt: skip
