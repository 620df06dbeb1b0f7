"""Teams, their seats and who is in them."""

from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from directory.people.choices import (
    Bench,
    ConsentScope,
    SeatState,
    TeamKind,
)
from directory.people.consents import agreed
from directory.people.dates import active
from directory.people.models.persons import SLUG_LENGTH, Membership, Person
from directory.people.participation import parts_from
from directory.people.seats import BenchCount, Drawing, composition, drawing
from wiq.declared import Leaves


class TeamQuerySet(models.QuerySet["Team"]):
    """Queries on teams."""

    def published(self) -> "TeamQuerySet":
        """Return the teams that everybody may see."""
        return self.filter(is_published=True)

    def of_kind(self, kind: TeamKind) -> "TeamQuerySet":
        """Return the teams of one kind, in order; if there are several, callers use the first."""
        return self.filter(kind=kind).order_by("position", "pk")

    def support(self) -> "TeamQuerySet":
        """Return the support teams, the first contact for everybody."""
        return self.of_kind(TeamKind.SUPPORT)

    def with_people(self) -> "TeamQuerySet":
        """Add the people and the seats of each team, in the same query.

        ``shown_memberships``, ``shown_seats`` and ``member_count`` of a team read them.
        """
        shown = Membership.objects.shown().filter(team=OuterRef("pk"))
        today = Membership.objects.filter(active(), team=OuterRef("pk"))
        seats = Seat.objects.with_name().filter(team=OuterRef("pk"))
        seat = JSONObject(bench="bench", state="state", name="shown_name")
        return self.annotate(
            member_rows=shown.as_rows(),
            member_keys=ArraySubquery(today.values("pk")),
            shown_seats=ArraySubquery(seats.values(row=seat)),
        )


class Team(models.Model):
    """A team of the district."""

    # Not columns: annotated by with_people().
    member_rows: list[dict[str, Any]]
    member_keys: list[int]
    shown_seats: list[dict[str, Any]]

    kind = models.CharField(_("Art"), max_length=12, choices=TeamKind)
    abbreviation = models.CharField(_("Abkürzung"), max_length=10)
    slug = models.SlugField(
        _("Kurzname"),
        max_length=SLUG_LENGTH,
        unique=True,
        help_text=_("Teil der Internetadresse, wird von selbst ausgefüllt."),
    )
    name = models.CharField(_("Name"), max_length=120)
    description = models.TextField(
        _("Beschreibung"), blank=True, validators=[MaxLengthValidator(3000)]
    )
    description_en = models.TextField(
        _("Beschreibung auf Englisch"), blank=True, validators=[MaxLengthValidator(3000)]
    )
    size = models.PositiveSmallIntegerField(
        _("Wie viele Menschen sind im Team?"),
        null=True,
        blank=True,
        help_text=_("Steht auf der Seite, auch wenn dort niemand mit Namen genannt wird."),
    )
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), default=0, help_text=_("Eine kleinere Zahl steht weiter oben.")
    )
    contact_email = models.EmailField(
        _("Kontaktadresse"),
        blank=True,
        help_text=_("Hierhin gehen Anfragen an dieses Team. Sie steht auf keiner Seite."),
    )
    is_published = models.BooleanField(_("veröffentlicht"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = TeamQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = (
            "kind abbreviation slug name description description_en size position "
            "is_published created_at updated_at"
        )
        personal = "contact_email"

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")
        ordering: ClassVar = ["position", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "abbreviation",
                name="team_abbreviation_once",
                violation_error_message=_("Ein anderes Team hat diese Abkürzung schon."),
            ),
            models.CheckConstraint(condition=Q(kind__in=TeamKind.values), name="team_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    # The following properties need a team from ``with_people``.

    @property
    def member_count(self) -> int:
        """The number of people in the team today, shown or not."""
        return len(self.member_keys)

    @cached_property
    def shown_memberships(self) -> "list[Membership]":
        """The members of today who agreed to be shown."""
        return parts_from(self.member_rows, Membership, team=self)

    @cached_property
    def benches(self) -> list[BenchCount]:
        """Its seats, counted bench by bench."""
        return composition(self.shown_seats)

    @property
    def drawing(self) -> Drawing:
        """Its seats as a half circle."""
        return drawing(self.benches)

    @cached_property
    def people(self) -> int:
        """The team's size: its own figure, or else the number of people known here."""
        taken = sum(bench.named + bench.unnamed for bench in self.benches)
        return self.size or max(taken, self.member_count)

    @property
    def unnamed(self) -> int:
        """The number of people in the team who are not shown."""
        return max(self.people - len(self.shown_memberships), 0)


class SeatQuerySet(models.QuerySet["Seat"]):
    """Queries on seats."""

    def with_name(self) -> "SeatQuerySet":
        """Add ``shown_name``: the holder's name, if the seat and the person's consent allow it."""
        shown = agreed(ConsentScope.PROFILE, "person")
        return self.annotate(
            shown_name=Case(When(shown, then=F("person__name")), default=Value(None))
        ).order_by("position")


class Seat(models.Model):
    """A place in a team that is reserved for one bench."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="seats", verbose_name=_("Team"))
    bench = models.CharField(_("aus welcher Gruppe"), max_length=20, choices=Bench)
    position = models.PositiveSmallIntegerField(_("Platz"))
    state = models.CharField(
        _("Besetzung"), max_length=8, choices=SeatState, default=SeatState.VACANT
    )
    person = models.ForeignKey(
        Person,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("Person"),
    )

    objects: ClassVar = SeatQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = "team bench position"
        personal: ClassVar = {"person": None, "state": {"named": "taken"}}

    class Meta:
        verbose_name = _("Sitz")
        verbose_name_plural = _("Sitze")
        ordering: ClassVar = ["team", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "position"], name="seat_position_once"),
            models.CheckConstraint(
                condition=Q(state=SeatState.NAMED, person__isnull=False)
                | (~Q(state=SeatState.NAMED) & Q(person__isnull=True)),
                name="seat_named_means_a_person",
                violation_error_message=_(
                    "Ein namentlich besetzter Sitz braucht eine Person, jeder andere keine."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_bench_display()} {self.position}"
