"""The single dates of an event in the API: read, moved, cancelled, and put back."""

from datetime import datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError as RuleError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.caching import Unstored
from api.events import NarrowedLists, TimeFilters, WallClock, told_by_our_names
from api.permissions import DirectoryPermission, may
from api.writing import account_of, read
from directory.events import services
from directory.events.models import Event, Occurrence


class DateSerializer(serializers.ModelSerializer[Occurrence]):
    """One date of an event; ``date`` is the day that its rule brings, and its name for good."""

    date = serializers.DateField(source="original_day")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField(source="where")
    moved = serializers.BooleanField(source="is_moved")
    cancelled = serializers.BooleanField(source="is_cancelled")
    reason = serializers.CharField(source="why")

    class Meta:
        model = Occurrence
        fields = ("date", "starts_at", "ends_at", "place", "moved", "cancelled", "reason")


class DateWriteSerializer(serializers.Serializer[Any]):
    """What becomes of a date: moved, cancelled, or as planned (one of the two false)."""

    starts_at = WallClock(required=False)
    ends_at = WallClock(required=False, allow_null=True)
    place = serializers.CharField(required=False, allow_blank=True, max_length=200)
    moved = serializers.BooleanField(required=False)
    cancelled = serializers.BooleanField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what says two things at once, or nothing."""
        moves = bool({"starts_at", "ends_at", "place"} & attrs.keys()) or attrs.get("moved")
        says = [moves, attrs.get("cancelled"), self._as_planned(attrs)]
        if sum(map(bool, says)) != 1:
            text = _("Ein Tag wird verschoben, abgesagt oder findet statt, wie er geplant war.")
            raise serializers.ValidationError(text)
        return attrs

    @staticmethod
    def _as_planned(attrs: dict[str, Any]) -> bool:
        return False in (attrs.get("moved"), attrs.get("cancelled"))


class DateFilters(TimeFilters):
    """Which dates of one event."""

    def filter_queryset(self, queryset: Any) -> Any:
        return self.wanted(queryset)


class DateViewSet(
    NarrowedLists,
    Unstored,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    GenericViewSet[Occurrence],
):
    """The single dates of one event."""

    queryset = Occurrence.objects.none()
    serializer_class = DateSerializer
    permission_classes = [DirectoryPermission]  # noqa: RUF012 (as DRF declares it)
    model = Event
    lookup_field = "original_day"
    lookup_url_kwarg = "date"
    lookup_value_regex = "[0-9-]{1,10}"
    filter_backends = [django_filters.rest_framework.DjangoFilterBackend]  # noqa: RUF012
    filterset_class = DateFilters

    def get_queryset(self) -> Any:
        is_all = may(self.request, "view", self.model)
        events = Event.objects.owned() if is_all else Event.objects.published()
        found: Event | None = events.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found.occurrences.select_related("event").in_order()

    def get_object(self) -> Any:
        """Return the date in the address; a day that no calendar has is not there."""
        try:
            return super().get_object()
        except RuleError:
            raise Http404 from None

    @extend_schema(request=DateWriteSerializer, responses=DateSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Move one date, cancel it, or let it take place as planned."""
        found = self.get_object()
        given = read(DateWriteSerializer, request)
        with told_by_our_names():
            self._act(found, given)
        return Response(self.get_serializer(self.get_object()).data)

    def _act(self, found: Occurrence, given: dict[str, Any]) -> None:
        actor = account_of(self.request)
        if given.get("cancelled"):
            services.cancel_date(found, word=given["reason"], actor=actor)
        elif False in (given.get("moved"), given.get("cancelled")):
            services.take_back_date(found, actor=actor)
        else:
            services.move_date(found, word=given["reason"], actor=actor, **_moved(found, given))


def _moved(row: Occurrence, given: dict[str, Any]) -> dict[str, Any]:
    """Return where a date goes: what is not named stays, and the end moves along by days."""
    begins: datetime = given.get("starts_at") or datetime.combine(row.day, row.time)
    ends: dict[str, Any] = {
        "end_day": begins.date() + (row.end_day - row.day), "end_time": row.end_time,
    }  # fmt: skip
    if "ends_at" in given:
        end: datetime | None = given["ends_at"]
        ends = {"end_day": end and end.date(), "end_time": end and end.time()}
    place = given.get("place", row.place)
    return {"day": begins.date(), "time": begins.time(), "place": place, **ends}
