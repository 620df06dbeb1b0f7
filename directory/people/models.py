"""Teams, their seats, people, and people's agreement to be shown."""

from typing import ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import JSONObject
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from directory.people.choices import (
    Bench,
    ConsentScope,
    SeatState,
    Sector,
    TeamKind,
)
from directory.people.consents import agreed
from directory.people.dates import active
from directory.people.participation import Participation, ParticipationQuerySet, parts_from

SLUG_LENGTH = 60


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about people. Whatever visitors see starts with ``shown``."""

    def shown(self) -> "PersonQuerySet":
        """Return the people who agreed to be shown, with ``portrait_shown``."""
        return self.filter(agreed(ConsentScope.PROFILE, "pk")).with_consents()

    def with_consents(self) -> "PersonQuerySet":
        """Add ``portrait_shown``: whether a person agreed to be shown with a picture."""
        return self.annotate(portrait_shown=agreed(ConsentScope.PORTRAIT, "pk"))

    def with_teams(self) -> "PersonQuerySet":
        """Fetch the published teams each person is in today."""
        return self.prefetch_related(
            Prefetch(
                "memberships",
                Membership.objects.filter(active(), team__is_published=True).select_related("team"),
                to_attr="shown_memberships",
            )
        )


class Person(models.Model):
    """Somebody who takes part. Shown nowhere without a valid consent."""

    slug = models.SlugField(
        _("Kurzname"),
        max_length=SLUG_LENGTH,
        unique=True,
        help_text=_("Teil der Internetadresse, wird von selbst ausgefüllt."),
    )
    name = models.CharField(_("Name"), max_length=120)
    about = models.TextField(_("Kurzporträt"), blank=True, validators=[MaxLengthValidator(3000)])
    about_en = models.TextField(
        _("Kurzporträt (Englisch)"), blank=True, validators=[MaxLengthValidator(3000)]
    )
    quote = models.TextField(
        _("Zitat"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("Nur die eigenen Worte der Person."),
    )
    portrait = models.ImageField(_("Bild"), upload_to="portraits/", blank=True)
    portrait_alt = models.CharField(
        _("Bildbeschreibung"),
        max_length=200,
        blank=True,
        help_text=_("Was ist auf dem Bild zu sehen? Für Menschen, die es nicht sehen können."),
    )
    sector = models.CharField(
        _("Welt"),
        max_length=20,
        choices=Sector,
        blank=True,
        help_text=_("Aus welchem Bereich kommt die Person?"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Menschen")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(portrait="") | ~Q(portrait_alt=""),
                name="person_portrait_has_alt",
                violation_error_message=_("Zu einem Bild gehört eine Bildbeschreibung."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """The first letters of first and last name, where there is no picture."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))


class TeamQuerySet(models.QuerySet["Team"]):
    """Questions about teams."""

    def published(self) -> "TeamQuerySet":
        """Return the teams everybody may see."""
        return self.filter(is_published=True)

    def with_people(self) -> "TeamQuerySet":
        """Add who is in each team and how it is made up, all in the same statement.

        ``shown_memberships``, ``shown_seats`` and ``member_count`` of a team read it.
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
        _("Beschreibung (Englisch)"), blank=True, validators=[MaxLengthValidator(3000)]
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

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")
        ordering: ClassVar = ["position", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "abbreviation",
                name="team_abbreviation_once",
                violation_error_message=_("Diese Abkürzung hat hier schon ein anderes Team."),
            ),
            models.CheckConstraint(condition=Q(kind__in=TeamKind.values), name="team_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def member_count(self) -> int:
        """How many people are in the team today (``with_people``), shown or not."""
        return len(self.member_keys)  # type: ignore[attr-defined]

    @cached_property
    def shown_memberships(self) -> "list[Membership]":
        """Who is in the team today and agreed to be shown (``with_people``)."""
        return parts_from(self.member_rows, Membership, team=self)  # type: ignore[attr-defined]


class SeatQuerySet(models.QuerySet["Seat"]):
    """Questions about seats."""

    def with_name(self) -> "SeatQuerySet":
        """Add ``shown_name``: who sits there, where the seat and the person say so."""
        shown = agreed(ConsentScope.PROFILE, "person")
        return self.annotate(
            shown_name=Case(When(shown, then=F("person__name")), default=Value(None))
        ).order_by("position")


class Seat(models.Model):
    """A place in a team that is kept for one bench."""

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


class Membership(Participation):
    """Somebody's part in a team, for as long as it lasts."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="memberships", verbose_name=_("Team")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="memberships", verbose_name=_("Person")
    )

    objects: ClassVar = ParticipationQuerySet["Membership"].as_manager()

    class Meta:
        verbose_name = _("Mitgliedschaft")
        verbose_name_plural = _("Mitgliedschaften")
        ordering: ClassVar = ["team", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(until__isnull=True),
                name="membership_open_once",
                violation_error_message=_("Diese Person ist schon Mitglied dieses Teams."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="membership_ends_after_it_began",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.team}"
