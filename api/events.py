"""Dates in the API: events, and the single days on which they take place."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import django_filters
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.exceptions import ValidationError as RuleError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.errors import WHOLE_BODY
from api.people import writes
from api.serializers import SlugOf
from api.writing import DirectoryViewSet, account_of
from directory.events import clock, rules, services
from directory.events.models import Event, Occurrence, OccurrenceQuerySet
from directory.people.models import Team
from directory.solutions.models import SolutionTeam, Topic
from wiq.web.hosts import on_district

# How the columns of a date are called here, for what the services say of them.
CALLED = {
    "day": "starts_at",
    "time": "starts_at",
    "end_day": "ends_at",
    "end_time": "ends_at",
    "rule": "recurrence",
    "word": "reason",
    NON_FIELD_ERRORS: WHOLE_BODY,
}
FIRST_YEAR, LAST_YEAR = rules.FIRST_YEAR, 9990


@contextmanager
def told_by_our_names() -> Iterator[None]:
    """Let what a service refuses name the API's fields. Raises Django's ValidationError."""
    try:
        yield
    except RuleError as refused:
        said: dict[str, list[str]] = {}
        for name, words in refused.message_dict.items():
            said.setdefault(CALLED.get(name, name), []).extend(words)
        raise RuleError(said) from None


class WallClock(serializers.DateTimeField):
    """A moment as the clocks on the wall here show it; without a zone, it is meant so."""

    default_error_messages = {"far": _("So weit im Voraus geht es nicht.")}  # noqa: RUF012

    def enforce_timezone(self, value: datetime) -> datetime:
        """Return day and time without a zone; services refuse what clocks skip or show twice."""
        if value.tzinfo is not None:
            try:
                value = value.astimezone(timezone.get_default_timezone())
            except OverflowError:
                self.fail("far")
        if value.year > LAST_YEAR:
            self.fail("far")
        return value.replace(tzinfo=None, fold=0, microsecond=0)


class EventSerializer(serializers.ModelSerializer[Event]):
    """What a team or the district announces; a series begins with its first date."""

    starts_at = serializers.SerializerMethodField()
    ends_at = serializers.SerializerMethodField()
    next_at = serializers.SerializerMethodField()
    recurrence = serializers.CharField(source="rule")
    cancelled = serializers.BooleanField(source="is_cancelled")
    reason = serializers.CharField(source="word")
    team = serializers.CharField(source="team.slug", default=None, allow_null=True)
    solution_team = serializers.CharField(
        source="solution_team.slug", default=None, allow_null=True
    )
    url = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = (
            *("id", "title", "title_en", "text", "text_en", "starts_at", "ends_at", "next_at"),
            *("place", "bring", "bring_en", "recurrence", "cancelled", "reason", "team"),
            *("solution_team", "needs_registration", "url"),
        )

    def get_starts_at(self, event: Event) -> datetime:
        return clock.instant(event.day, event.time)

    def get_ends_at(self, event: Event) -> datetime | None:
        if event.end_time is None:
            return None
        return clock.instant(event.end_day or event.day, event.end_time)

    def get_next_at(self, event: Any) -> datetime | None:
        """Return when its next date begins that is not cancelled; null where none is left."""
        return clock.instant(event.next_day, event.next_time) if event.next_day else None

    def get_url(self, event: Event) -> str:
        return on_district("events:event", event.pk)


class EventWriteSerializer(serializers.ModelSerializer[Event]):
    """The fields of an event that a token may write."""

    starts_at = WallClock()
    ends_at = WallClock(required=False, allow_null=True)
    recurrence = serializers.CharField(
        source="rule", required=False, allow_blank=True, max_length=rules.LENGTH
    )
    cancelled = serializers.BooleanField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)
    team = SlugOf(slug_field="slug", queryset=Team.objects.all(), required=False, allow_null=True)
    solution_team = SlugOf(
        slug_field="slug", queryset=SolutionTeam.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = Event
        fields = (
            *("title", "title_en", "text", "text_en", "starts_at", "ends_at", "place", "bring"),
            *("bring_en", "recurrence", "cancelled", "reason", "team", "solution_team"),
            "needs_registration",
        )


class TimeFilters(django_filters.FilterSet):
    """``?since=&until=`` (days) or ``?year=`` (what is over of it); else what is coming."""

    since = django_filters.DateFilter(method="later")
    until = django_filters.DateFilter(method="later")
    year = django_filters.NumberFilter(
        method="later", min_value=FIRST_YEAR, max_value=LAST_YEAR, decimal_places=0
    )

    def later(self, rows: Any, name: str, value: Any) -> Any:
        """Leave to ``wanted`` what several parameters say together."""
        return rows

    def wanted(self, rows: OccurrenceQuerySet) -> OccurrenceQuerySet:
        """Return the dates in the time that the address asks for."""
        since, until, year = (self.form.cleaned_data[name] for name in ("since", "until", "year"))
        if year is not None:
            return rows.past_of(int(year))
        if since is None and until is None:
            return rows.coming()
        return rows.between(since or date.min, until or date.max)


class EventFilters(TimeFilters):
    """Which events: those with a date in the time asked for, of one team or topic."""

    team = django_filters.CharFilter(field_name="team__slug", max_length=120)
    solution_team = django_filters.CharFilter(field_name="solution_team__slug", max_length=120)
    topic = django_filters.ModelMultipleChoiceFilter(
        queryset=lambda request: Topic.objects.all(), to_field_name="slug", method="by_topic"
    )

    @extend_schema_field(OpenApiTypes.STR)
    def by_topic(self, events: Any, name: str, topics: list[Topic]) -> Any:
        return events.about([topic.slug for topic in topics])

    def filter_queryset(self, queryset: Any) -> Any:
        rows = self.wanted(Occurrence.objects.all()).order_by().values("event_id")
        return super().filter_queryset(queryset).filter(pk__in=rows)


class NarrowedLists:
    """Narrows lists alone, by the address: one thing is found whenever it is, or was."""

    action: str

    def filter_queryset(self, queryset: Any) -> Any:
        narrowed: Any = super()
        return narrowed.filter_queryset(queryset) if self.action == "list" else queryset


@writes(EventWriteSerializer, EventSerializer)
class EventViewSet(NarrowedLists, DirectoryViewSet):
    """What teams and the district announce."""

    queryset = Event.objects.none()
    model = Event
    serializer_class = EventSerializer
    write_class = EventWriteSerializer
    services = services
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"
    filter_backends = [django_filters.rest_framework.DjangoFilterBackend]  # noqa: RUF012
    filterset_class = EventFilters

    def get_queryset(self) -> Any:
        events = Event.objects.owned() if self.sees_everything() else Event.objects.published()
        return events.with_next()

    def write(self, instance: Model, data: dict[str, Any]) -> Model:
        """Save the fields, then cancel the event or let it take place, if that is given."""
        assert isinstance(instance, Event)
        actor = account_of(self.request)
        cancelled = data.pop("cancelled", None)
        reason = data.pop("reason", None)
        with told_by_our_names():
            if data or instance._state.adding:
                _set_times(instance, data)
                super().write(instance, data)
            if cancelled is False and instance.is_cancelled:
                return services.take_back(instance, actor=actor)
            if cancelled or (reason is not None and instance.is_cancelled):
                return services.cancel(instance, word=reason or "", actor=actor)
        return instance


def _set_times(event: Event, data: dict[str, Any]) -> None:
    """Put the moments of a body into the columns; an end that is not named moves along by days."""
    begins: datetime | None = data.pop("starts_at", None)
    if begins is not None:
        if event.end_day is not None:
            event.end_day = begins.date() + (event.end_day - event.day)
        event.day, event.time = begins.date(), begins.time()
    if "ends_at" in data:
        ends: datetime | None = data.pop("ends_at")
        is_other_day = ends is not None and ends.date() != event.day
        event.end_day = ends.date() if ends and is_other_day else None
        event.end_time = ends.time() if ends else None
