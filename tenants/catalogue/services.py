"""What districts share, and copying it to another one: as a draft that names its origin."""

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from directory.events import rules
from directory.ideas.services import free_slug
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam, Topic
from tenants.catalogue.models import SharedSolution
from tenants.districts.models import District
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC

APPROACH_MAX = 4000
# Rules in the catalogue name their weekdays.
NO_DAY = date(2024, 1, 1)


def share(district_id: int, slug: str, **words: Any) -> SharedSolution:
    """Add a solution team to the catalogue, or update its texts there."""
    shared, _made = SharedSolution.objects.update_or_create(
        district_id=district_id, slug=slug, defaults=words
    )
    return shared


def unshare(district_id: int, slug: str) -> None:
    """Remove a solution team from the catalogue; copies in other districts stay."""
    SharedSolution.objects.filter(district_id=district_id, slug=slug).delete()


def offers(district: District) -> list[SharedSolution]:
    """Return what other public districts share, from any host."""
    with schema_context(PUBLIC):
        shown = SharedSolution.objects.shown().exclude(district=district)
        return list(shown.prefetch_related("district__domains"))


def profile_url(shared: SharedSolution) -> str:
    """Return the page of the solution team in the district that shares it."""
    return f"{shared.district.url}loesungsteams/{shared.slug}/"


def contact_url(shared: SharedSolution) -> str:
    """Return the address of the form that reaches the original solution team."""
    return f"{shared.district.url}kontakt/?loesungsteam={shared.slug}"


def rhythms_of(shared: SharedSolution) -> list[str]:
    """Return how often a solution team meets, each series in words of the current language."""
    return [
        _("%(title)s – %(rhythm)s, %(time)s")
        % {
            "title": one["title"],
            "rhythm": rules.in_words(one["rule"], NO_DAY),
            "time": time_format(time.fromisoformat(one["time"]), "TIME_FORMAT"),
        }
        for one in shared.rhythms
    ]


def _with_rhythms(shared: SharedSolution) -> str:
    """Return the approach, and how often they meet there where it still fits; in German."""
    with translation.override("de"):
        found = rhythms_of(shared)
        head = _("So oft treffen sie sich in „%s“:") % shared.district.name
    text = "\n\n".join(part for part in (shared.approach, "\n".join([head, *found])) if part)
    return text if found and len(text) <= APPROACH_MAX else shared.approach


@transaction.atomic
def copy(number: int, *, actor: Actor) -> SolutionTeam:
    """Copy a shared solution into the current district, as a draft.

    It keeps the topics that this district has too, and says in its text how often the original
    meets; dates are its own matter. Raises ValidationError if it is no longer
    shared.
    """
    with schema_context(PUBLIC):
        shared = SharedSolution.objects.shown().filter(pk=number).first()
        url = profile_url(shared) if shared else ""
    if shared is None:
        raise ValidationError(_("Das wird nicht mehr geteilt."))
    team = solutions.create_team(
        actor=actor,
        slug=free_slug(shared.name),
        name=shared.name,
        challenge=shared.challenge,
        approach=_with_rhythms(shared),
        topics=list(Topic.objects.filter(name__in=shared.topics)),
        origin_name=f"{shared.name} ({shared.district.name})"[:300],
        origin_url=url,
    )
    audit.record_change(
        "solutionteam.copied", team, actor=actor, details={"from": shared.district_id}
    )
    return team
