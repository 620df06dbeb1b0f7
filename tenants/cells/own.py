"""What this installation tells of itself: at its own console, and to others by the API."""

from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from tenants.cells.told import About, Line, Lines
from tenants.districts.models import District, State
from tenants.provisioning.models import Order
from wiq import health
from wiq.paging import Pages
from wiq.version import VERSION
from wiq.web.hosts import on_platform, origin

PAGE_SIZE = 50


def taken() -> int:
    """Return how many districts are here or ordered; those that are archived take room, too."""
    ordered = Order.objects.open().filter(district_id__isnull=True).count()
    return District.objects.holding_data().count() + ordered


def about() -> About:
    """Return what this installation is and holds."""
    here = District.objects.holding_data().order_by()
    states = dict(here.values_list("state").annotate(Count("pk")))
    return About(
        name=settings.WIQ_DOMAIN,
        url=f"{origin(settings.WIQ_DOMAIN)}/",
        console_url=on_platform("plattform:index"),
        version=VERSION,
        districts=taken(),
        max_districts=settings.WIQ_MAX_DISTRICTS,
        states=states,
        failing=tuple(health.failing()),
    )


def districts(words: str = "", state: str = "") -> QuerySet[District]:
    """Return the districts that are here, public or not: by words, and in one state."""
    found = District.objects.holding_data().found(words).order_by("name", "pk")
    if state:
        found = found.filter(state=state)
    return found.prefetch_related("domains")


def console_url(district: District) -> str:
    """Return the district's page at the console of this installation."""
    return on_platform("plattform:districts_district_change", district.pk)


def lines(words: str, state: str, number: int) -> Lines:
    """Return one page of the districts that are here; beyond the last one, the last."""
    page: Any = Pages(districts(words, state), PAGE_SIZE).get_page(number)
    return Lines(page.paginator.count, tuple(map(_line, page)), page.has_next())


def _line(district: District) -> Line:
    return Line(
        slug=district.slug, name=district.name, city=district.city,
        state=State(district.state), state_since=district.state_since,
        host=district.host, url=district.url, console_url=console_url(district),
    )  # fmt: skip
