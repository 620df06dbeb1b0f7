"""This district's entries in the platform's catalogue, updated with every write.

The catalogue's room is in a higher layer, so it registers its functions in a module ``sharing``.
So does a room that has more to tell of a solution team than its texts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django_tenants.utils import schema_context

from directory.solutions.models import SolutionTeam
from wiq.rooms import Registry
from wiq.tenancy import PUBLIC, current_district_id


@dataclass(frozen=True)
class Catalogue:
    """The functions that write a catalogue; they are called in the public schema.

    ``share`` takes the district's number, the slug and, by name, the texts to show; ``unshare``
    takes the number and the slug.
    """

    share: Callable[..., Any]
    unshare: Callable[[int, str], Any]


catalogues: Registry[Catalogue] = Registry("sharing")
# What else is told of a solution team, by the name of the catalogue's column.
besides: Registry[Callable[[SolutionTeam], dict[str, Any]]] = Registry("sharing")


def shared_as(instance: models.Model) -> str:
    """Return the slug of a solution team in the catalogue, if it is there."""
    if not isinstance(instance, SolutionTeam) or instance.pk is None:
        return ""
    rows = SolutionTeam.objects.filter(pk=instance.pk, is_shared=True)
    return rows.values_list("slug", flat=True).first() or ""


def show(team: SolutionTeam, before: str = "") -> None:
    """Update the platform's catalogue, in the same transaction.

    It only contains what is public and shared; ``before`` is a slug that the entry had.
    """
    district_id = current_district_id()
    if district_id is None or not (team.is_shared or before):
        return
    # Read the stored row: a save of a text may hold a state that has changed meanwhile.
    team = SolutionTeam.objects.get(pk=team.pk)
    is_shown = team.is_shared and team.is_public
    if before and (before != team.slug or not is_shown):
        take_out(before)
    if not is_shown:
        return
    topics = list(team.topics.order_by("sort_key").values_list("name", flat=True))
    more = {name: value for tell in besides for name, value in tell(team).items()}
    with schema_context(PUBLIC):
        for catalogue in catalogues:
            catalogue.share(
                district_id, team.slug, name=team.name, challenge=team.challenge,
                approach=team.approach, topics=topics, **more,
            )  # fmt: skip


def take_out(slug: str) -> None:
    """Remove a solution team from the catalogue by its slug; an empty slug does nothing."""
    district_id = current_district_id()
    if slug and district_id is not None:
        with schema_context(PUBLIC):
            for catalogue in catalogues:
                catalogue.unshare(district_id, slug)
