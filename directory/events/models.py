"""Events: what happens in a district, when, and on which single dates."""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import uuid4

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.events import clock, rules
from directory.events.conditions import of_shown_owner, tagged
from directory.events.questions import Change, OccurrenceQuerySet
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.declared import Leaves


def new_uid() -> str:
    """Return what tells an event from all others in every calendar (RFC 7986, 5.3)."""
    return str(uuid4())


class EventQuerySet(models.QuerySet["Event"]):
    """Questions about events. Whatever visitors see starts with ``published``."""

    def owned(self) -> "EventQuerySet":
        """Return the events with the team that each belongs to, in order."""
        return self.select_related("team", "solution_team").order_by("day", "time", "pk")

    def published(self) -> "EventQuerySet":
        """Return the events that everybody may see: whose team may be seen, if they have one."""
        owned = self.owned()
        return owned.filter(of_shown_owner())

    def about(self, topics: Collection[str]) -> "EventQuerySet":
        """Return those of solution teams with one of these topics (slugs), or all without any."""
        return self.filter(solution_team_id__in=tagged(topics)) if topics else self

    def with_next(self) -> "EventQuerySet":
        """Add ``next_day`` and ``next_time`` of the next date that takes place, None without one.

        Those come first that come next.
        """
        coming = Occurrence.objects.coming().taking_place().filter(event=OuterRef("pk")).in_order()
        beside = {f"next_{name}": Subquery(coming.values(name)[:1]) for name in ("day", "time")}
        order = (F("next_day").asc(nulls_last=True), F("next_time").asc(nulls_last=True), "day")
        found: EventQuerySet = self.annotate(**beside).order_by(*order, "time", "pk")
        return found

    def coming(self) -> "EventQuerySet":
        """Return those that are not over: with a date today or later, by the day here."""
        return self.filter(last_day__gte=timezone.localdate())

    def of_no_day(self) -> "EventQuerySet":
        """Return those of which no date is left."""
        return self.filter(occurrences__isnull=True)

    def of(self, owner: Team | SolutionTeam) -> "EventQuerySet":
        """Return those of one team or solution team."""
        if isinstance(owner, SolutionTeam):
            return self.filter(solution_team=owner)
        return self.filter(team=owner)

    def with_dates(self) -> "EventQuerySet":
        """Read the dates of all of them in one statement more, in order."""
        return self.prefetch_related(Prefetch("occurrences", Occurrence.objects.in_order()))

    def without_place(self) -> "EventQuerySet":
        """Return those that take place, and nobody has said where."""
        return self.filter(place="", is_cancelled=False)


class Event(models.Model):
    """What a solution team, a team or the district announces: once, or again by a rule."""

    MOVED_BY_SERVICES = ("uid", "sequence", "last_day", "is_cancelled", "word", "created_at")

    title = models.CharField(_("Titel"), max_length=120)
    title_en = models.CharField(_("Titel auf Englisch"), max_length=120, blank=True)
    text = models.TextField(_("Worum es geht"), blank=True, validators=[MaxLengthValidator(3000)])
    text_en = models.TextField(
        _("Worum es geht, auf Englisch"), blank=True, validators=[MaxLengthValidator(3000)]
    )
    solution_team = models.ForeignKey(
        SolutionTeam, models.CASCADE, null=True, blank=True, related_name="events",
        verbose_name=_("Lösungsteam"),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="events", verbose_name=_("Team")
    )
    place = models.CharField(
        _("Ort in Worten"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel: Hähnelstraße, vor der Hausnummer 5."),
    )
    bring = models.CharField(_("Was mitbringen?"), max_length=300, blank=True)
    bring_en = models.CharField(_("Was mitbringen? Auf Englisch"), max_length=300, blank=True)
    needs_registration = models.BooleanField(
        _("Mit Anmeldung"),
        default=False,
        help_text=_(
            "Dann steht auf der Seite ein Knopf zum Anmelden. Ihr Team bekommt die E-Mails."
        ),
    )
    # Local, as clocks on the wall show it (directory/events/clock.py).
    day = models.DateField(_("Tag"))
    time = models.TimeField(_("Beginn"))
    end_day = models.DateField(
        _("Letzter Tag"),
        null=True,
        blank=True,
        help_text=_("Nur wenn der Termin an einem anderen Tag endet."),
    )
    end_time = models.TimeField(_("Ende"), null=True, blank=True)
    # An RRULE as directory/events/rules.py keeps it; the days it brings are rows of Occurrence.
    rule = models.CharField(_("Wiederholung"), max_length=rules.LENGTH, blank=True)
    is_cancelled = models.BooleanField(_("abgesagt"), default=False, editable=False)
    word = models.CharField(_("Warum abgesagt"), max_length=300, blank=True, editable=False)
    # For calendars: stable for good, and higher with every change (RFC 5545, 3.8.4.7, 3.8.7.4).
    uid = models.CharField(max_length=64, unique=True, default=new_uid, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    last_day = models.DateField(_("Letzter Termin"), editable=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = EventQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = (
            "title title_en text text_en solution_team team place bring bring_en "
            "needs_registration day time end_day end_time rule is_cancelled word uid sequence "
            "last_day created_at updated_at"
        )

    class Meta:
        verbose_name = _("Termin")
        verbose_name_plural = _("Termine")
        ordering: ClassVar = ["day", "time", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(solution_team__isnull=True),
                name="event_of_one_team",
                violation_error_message=_(
                    "Bitte wählen Sie ein Lösungsteam oder ein Team, nicht beides."
                ),
            ),
            models.CheckConstraint(
                condition=Q(end_day__isnull=True) | Q(end_day__gte=F("day")),
                name="event_ends_after_it_begins",
                violation_error_message=_("Der letzte Tag liegt vor dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> Team | SolutionTeam | None:
        """The team or solution team that it belongs to; None for the district."""
        return self.solution_team or self.team

    @property
    def rhythm(self) -> str:
        """How often it comes, in words; empty where it comes once."""
        return rules.in_words(self.rule, self.day)

    @property
    def repeats_until(self) -> date | None:
        """The last day of its rule; None where it comes once, or its rule counts."""
        return rules.last_day(self.rule)


class Occurrence(models.Model):
    """One date of an event, as it takes place: by its rule, or moved or cancelled with a word."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="occurrences", verbose_name=_("Termin")
    )
    # The day that the rule brings: for calendars it names this date for good (RECURRENCE-ID).
    original_day = models.DateField(_("ursprünglicher Tag"))
    day = models.DateField(_("Tag"))
    time = models.TimeField(_("Beginn"))
    end_day = models.DateField(_("Letzter Tag"))
    end_time = models.TimeField(_("Ende"), null=True, blank=True)
    place = models.CharField(_("anderer Ort"), max_length=200, blank=True)
    change = models.CharField(_("Änderung"), max_length=12, choices=Change, blank=True)
    word = models.CharField(_("Warum"), max_length=300, blank=True)

    objects: ClassVar = OccurrenceQuerySet.as_manager()

    class Data:
        leaves = Leaves.ALWAYS
        plain = "event original_day day time end_day end_time place change word"

    class Meta:
        verbose_name = _("einzelner Termin")
        verbose_name_plural = _("einzelne Termine")
        ordering: ClassVar = ["day", "time", "pk"]
        indexes: ClassVar = [models.Index(fields=["end_day", "day"], name="occurrence_by_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "original_day"], name="occurrence_once_a_day"),
            models.CheckConstraint(
                condition=Q(change__in=["", *Change.values]), name="occurrence_change_known"
            ),
            models.CheckConstraint(
                condition=Q(end_day__gte=F("day")), name="occurrence_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.day:%d.%m.%Y}"

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place, alone or with its event."""
        return self.change == Change.CANCELLED or self.event.is_cancelled

    @property
    def is_moved(self) -> bool:
        """Whether it takes place at another time than its rule says."""
        return self.change == Change.MOVED

    @property
    def why(self) -> str:
        """The word that was given when it, or its event, was moved or cancelled."""
        return self.word or self.event.word

    @property
    def where(self) -> str:
        """The place in words; empty where none is known."""
        return self.place or self.event.place

    @property
    def starts_at(self) -> datetime:
        """When it begins, with its zone."""
        return clock.instant(self.day, self.time)

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, with its zone; None where nobody said."""
        if self.end_time is None:
            return None
        return clock.instant(self.end_day, self.end_time)

    @property
    def is_over(self) -> bool:
        """Whether its last day is over, by the day here."""
        return self.end_day < timezone.localdate()
