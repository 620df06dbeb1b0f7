"""What memberships in teams and in solution teams have in common."""

from typing import Any, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

from directory.people.choices import ConsentScope
from directory.people.consents import agreed
from directory.people.dates import active

Part = TypeVar("Part", bound="Participation")
# The columns of a person that the pages show.
PERSON_COLUMNS = (
    *("id", "slug", "name", "about", "about_en", "quote", "portrait", "portrait_alt", "sector"),
)


class ParticipationQuerySet(models.QuerySet[Part]):
    """Queries on memberships."""

    def shown(self) -> Self:
        """Return today's members who agreed to be shown, with ``portrait_shown``.

        ``findable`` is whether they agreed to be named to search engines.
        """
        return (
            self.filter(active(), agreed(ConsentScope.PROFILE, "person"))
            .annotate(
                portrait_shown=agreed(ConsentScope.PORTRAIT, "person"),
                findable=agreed(ConsentScope.SEARCH, "person"),
            )
            .select_related("person")
            .order_by("position", "person__name", "pk")
        )

    def as_rows(self) -> ArraySubquery:
        """Return these rows (``shown``) with their people as one column of another query."""
        person = {f"person_{name}": F(f"person__{name}") for name in PERSON_COLUMNS}
        columns = {name: name for name in ("pk", "role", "portrait_shown", "findable")}
        return ArraySubquery(self.values(row=JSONObject(**columns, **person)))


def parts_from(rows: list[dict[str, Any]], model: type[Part], **owner: Any) -> list[Part]:
    """Return the objects that ``as_rows`` put into a column, each with its person."""
    person_model: Any = model._meta.get_field("person").related_model
    found = []
    for row in rows:
        person = person_model(**{name: row[f"person_{name}"] for name in PERSON_COLUMNS})
        part = model(pk=row["pk"], person=person, role=row["role"], **owner)
        part.portrait_shown, part.findable = row["portrait_shown"], row["findable"]
        found.append(part)
    return found


def rules_of_parts(name: str, *, whole: str, taken: Any) -> list[models.BaseConstraint]:
    """Return the constraints: one membership at a time in ``whole``, and no end before the start.

    ``taken`` is the error for a person who is already a member.
    """
    return [
        models.UniqueConstraint(
            fields=[whole, "person"],
            condition=Q(until__isnull=True),
            name=f"{name}_open_once",
            violation_error_message=taken,
        ),
        models.CheckConstraint(
            condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
            name=f"{name}_ends_after_it_began",
            violation_error_message=_("Das Ende liegt vor dem Anfang."),
        ),
    ]


class Participation(models.Model):
    """Role, duration and order; each subclass has its own columns for person and team."""

    # Not columns: annotated by shown().
    portrait_shown: bool
    findable: bool

    role = models.CharField(_("Rolle"), max_length=120, blank=True)
    since = models.DateField(_("seit"), null=True, blank=True)
    until = models.DateField(_("bis"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=0, help_text=_("Eine kleinere Zahl steht weiter oben.")
    )

    class Meta:
        abstract = True
