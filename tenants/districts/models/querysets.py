"""Queries on districts."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tenants.districts.models.domains import Domain
from tenants.districts.models.states import Moving, State

if TYPE_CHECKING:
    from tenants.districts.models.districts import District  # noqa: F401 (in quotes below)

# Of what somebody types to search; each is one condition of the statement.
MOST_WORDS = 8


class DistrictQuerySet(models.QuerySet["District"]):
    """Queries on districts."""

    def published(self) -> "DistrictQuerySet":
        """Return the districts that everybody may see."""
        return self.filter(state=State.PUBLISHED)

    def holding_data(self) -> "DistrictQuerySet":
        """Return those that have a schema with data."""
        return self.exclude(state=State.DELETED).order_by("pk")

    def up_to_date(self) -> "DistrictQuerySet":
        """Return those whose tables are as this version needs them."""
        return self.filter(migration_error="")

    def behind(self) -> "DistrictQuerySet":
        """Return those whose migration failed: nobody can use them until it is repeated."""
        return self.holding_data().exclude(migration_error="")

    def found(self, words: str) -> "DistrictQuerySet":
        """Return those in whose name, town or addresses each of these words stands."""
        found = self
        for word in words.split()[:MOST_WORDS]:
            hosts = Domain.objects.filter(domain__icontains=word).values("tenant")
            found = found.filter(
                Q(name__icontains=word) | Q(city__icontains=word)
                | Q(slug__icontains=word) | Q(pk__in=hosts)
            )  # fmt: skip
        return found

    def tended(self) -> "DistrictQuerySet":
        """Return those with nightly work."""
        return self.holding_data().up_to_date().filter(moving=Moving.NO)

    def resting(self) -> "DistrictQuerySet":
        """Return those whose mails and calls wait: behind, or on their way elsewhere."""
        return self.exclude(Q(state=State.DELETED) | Q(migration_error="", moving=Moving.NO))
