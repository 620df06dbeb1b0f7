"""The preview of a district that is not public: a link opens it in one browser for a week."""

from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_tenants.utils import schema_context

from tenants.districts import lookup
from tenants.districts.models import District, State
from tenants.districts.requests import DistrictRequest
from wiq.accounts.services import check_is_no_visit
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.signing.links import SignedLink, UsedUp
from wiq.tenancy import PUBLIC
from wiq.web.anonymous import private_page
from wiq.web.errors import error_response

DAYS = 7
# The states in which a preview makes sense.
PREVIEWED = (State.DRAFT, State.HIDDEN)


class Look(NamedTuple):
    """The number of a preview link."""

    number: int


LINK = SignedLink(
    purpose="districts.preview",
    holds=Look,
    days=DAYS,
    route="preview",
    used_up=UsedUp.LOOKS,
)


def cookie_name() -> str:
    """Return the cookie's name; over https with the prefix that ties it to one host."""
    return "__Host-preview" if settings.SESSION_COOKIE_SECURE else "preview"


def link(district: District) -> str:
    """Return the preview link of the current district."""
    return LINK.url(Look(district.preview_number))


@transaction.atomic
def renew(district: District, *, actor: Actor) -> None:
    """Make a new link valid; older links and the previews opened with them end.

    Raises ValidationError for a support visit.
    """
    check_is_no_visit(actor)
    who = audit.for_platform(actor)
    with schema_context(PUBLIC):
        District.objects.filter(pk=district.pk).update(preview_number=F("preview_number") + 1)
        audit.record_event("district.preview_renewed", district, actor=who)
        lookup.forget_after_commit(district)
    district.preview_number += 1


def was_seen(district: District) -> bool:
    """Tell whether somebody has looked at the pages before they were public, or everybody may."""
    return district.preview_seen_at is not None or district.state == State.PUBLISHED


@transaction.atomic
def note_look(district: District) -> None:
    """Keep when somebody opened a preview link for the first time."""
    with schema_context(PUBLIC):
        unseen = District.objects.filter(pk=district.pk, preview_seen_at__isnull=True)
        if unseen.update(preview_seen_at=timezone.now()):
            audit.record_event("district.preview_seen", district, actor=audit.VISITOR)


def may_look(request: HttpRequest, district: District) -> bool:
    """Tell whether a visitor has used the preview link of a district that is not public."""
    word = request.COOKIES.get(cookie_name())
    return bool(word) and district.state in PREVIEWED and _is_current(str(word), district)


def _is_current(word: str, district: District) -> bool:
    return LINK.held_or_none(word) == Look(district.preview_number)


@private_page("no-referrer")
@require_safe
def enter(request: DistrictRequest, word: str) -> HttpResponse:
    """Let the browser that opens the link see the district for a week."""
    district = request.tenant
    if not _is_current(word, district):
        return error_response(request, 410)
    # Who made the link and tries it out has shown it to nobody yet.
    if request.method == "GET" and not request.user.is_authenticated:
        note_look(district)
    response = HttpResponseRedirect("/")
    response.set_cookie(
        cookie_name(),
        word,
        max_age=DAYS * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
