"""Topics and solution teams in the API."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Model, Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.caching import Unstored
from api.people import writes
from api.permissions import DirectoryPermission
from api.serializers import MemberSerializer, SlugOf, without_address
from api.writing import DirectoryViewSet, account_of
from directory.people import short_names
from directory.solutions import services
from directory.solutions.choices import PUBLIC_STATES, TeamState
from directory.solutions.models import SolutionTeam, SolutionTeamMember, Topic, Update
from directory.solutions.search import SEARCH_MAX


class TopicSerializer(serializers.Serializer[Any]):
    """What solution teams are about, with the number of public ones."""

    slug = serializers.CharField()
    name = serializers.CharField()
    count = serializers.IntegerField()


class TopicTagSerializer(serializers.Serializer[Any]):
    """A topic of a solution team."""

    slug = serializers.CharField()
    name = serializers.CharField()


class UpdateSerializer(serializers.ModelSerializer[Update]):
    """A dated note on how it goes."""

    class Meta:
        model = Update
        fields = ("id", "date", "text", "text_en")


class SolutionTeamSerializer(serializers.ModelSerializer[SolutionTeam]):
    """A solution team in the registry."""

    status = serializers.CharField(source="state")
    topics = TopicTagSerializer(source="topic_list", many=True)
    members = MemberSerializer(source="shown_members", many=True)

    class Meta:
        model = SolutionTeam
        fields: tuple[str, ...] = (
            *("slug", "name", "status", "topics", "challenge", "approach"),
            *("challenge_en", "approach_en", "place", "confirmed_at", "source_note", "members"),
        )


class SolutionTeamDetailSerializer(SolutionTeamSerializer):
    """One solution team alone, with its updates."""

    updates = UpdateSerializer(source="shown_updates", many=True)

    class Meta(SolutionTeamSerializer.Meta):
        fields = (*SolutionTeamSerializer.Meta.fields, "updates")


class SolutionTeamWriteSerializer(serializers.ModelSerializer[SolutionTeam]):
    """The fields of a solution team that a token may write."""

    status = serializers.ChoiceField(choices=TeamState.choices, required=False)
    status_date = serializers.DateField(required=False)
    status_reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    topics = SlugOf(slug_field="slug", queryset=Topic.objects.all(), many=True, required=False)

    class Meta:
        model = SolutionTeam
        fields = (
            *("slug", "name", "status", "status_date", "status_reason", "topics", "challenge"),
            *("approach", "challenge_en", "approach_en", "place", "contact_email"),
            *("source_note", "is_shared"),
        )

    get_fields = without_address


class Filters(django_filters.FilterSet):
    """``?topic=&status=&search=&ordering=``; topic and status may come several times."""

    topic = django_filters.ModelMultipleChoiceFilter(
        queryset=lambda request: Topic.objects.all(), to_field_name="slug", method="by_topic"
    )
    status = django_filters.MultipleChoiceFilter(
        choices=[choice for choice in TeamState.choices if choice[0] in PUBLIC_STATES],
        method="by_status",
    )
    search = django_filters.CharFilter(method="by_search", max_length=SEARCH_MAX)
    ordering = django_filters.ChoiceFilter(
        choices=[("name", "name"), ("-news", "latest news first")], method="ordered"
    )

    @extend_schema_field(OpenApiTypes.STR)
    def by_topic(self, teams: Any, name: str, topics: list[Topic]) -> Any:
        return teams.about([topic.slug for topic in topics])

    def by_status(self, teams: Any, name: str, states: list[str]) -> Any:
        return teams.in_states(states)

    def by_search(self, teams: Any, name: str, text: str) -> Any:
        found = teams.searched(text)
        return found.order_by("-nearness", "sort_key", "pk") if found is not teams else found

    def ordered(self, teams: Any, name: str, order: str) -> Any:
        if order == "-news":
            return teams.by_latest_news()
        return teams.order_by("sort_key", "pk")


@writes(SolutionTeamWriteSerializer, SolutionTeamDetailSerializer)
class SolutionTeamViewSet(DirectoryViewSet):
    """The public solution teams."""

    queryset = SolutionTeam.objects.none()
    model = SolutionTeam
    write_class = SolutionTeamWriteSerializer
    services = services
    filter_backends = [django_filters.rest_framework.DjangoFilterBackend]  # noqa: RUF012
    filterset_class = Filters

    def get_serializer_class(self) -> Any:
        return SolutionTeamSerializer if self.action == "list" else SolutionTeamDetailSerializer

    def get_queryset(self) -> Any:
        everything = SolutionTeam.objects.all()
        teams = everything if self.sees_everything() else SolutionTeam.objects.published()
        members = Prefetch("members", SolutionTeamMember.objects.shown(), to_attr="shown_members")
        found = teams.with_topics().prefetch_related(members)
        if self.action == "list":
            return found
        updates = Prefetch("updates", Update.objects.public(), to_attr="shown_updates")
        return found.prefetch_related(updates)

    def write(self, instance: Model, data: dict[str, Any]) -> Model:
        """Save the fields, then topics and state if they are given."""
        assert isinstance(instance, SolutionTeam)
        actor = account_of(self.request)
        topics: list[Topic] | None = data.pop("topics", None)
        state: str | None = data.pop("status", None)
        day: date | None = data.pop("status_date", None)
        reason: str = data.pop("status_reason", "")
        for name, value in data.items():
            setattr(instance, name, value)
        return services.save_whole(
            instance, actor=actor, topics=topics, state=state, date=day, reason=reason
        )

    @extend_schema(request=None, responses=SolutionTeamDetailSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, slug: str) -> Response:
        """Say that the page of a solution team is still right."""
        services.confirm(self.get_object(), actor=account_of(request))
        return Response(self.get_serializer(self.get_object()).data)


class UpdateViewSet(DirectoryViewSet):
    """The dated notes of one solution team."""

    queryset = Update.objects.none()
    model = Update
    serializer_class = UpdateSerializer
    write_class = UpdateSerializer
    services = services
    lookup_field = "pk"
    lookup_value_regex = "[0-9]{1,18}"

    def team(self) -> SolutionTeam:
        """Return the solution team in the address, or raise Http404."""
        everything = SolutionTeam.objects.all()
        teams = everything if self.sees_everything() else SolutionTeam.objects.published()
        found: SolutionTeam | None = teams.filter(slug=self.kwargs["slug"]).first()
        if found is None:
            short_names.lead_on(teams, self.kwargs["slug"])
            raise Http404
        return found

    def get_queryset(self) -> QuerySet[Update]:
        updates = Update.objects.filter(solution_team=self.team())
        return updates if self.sees_everything() else updates.public()

    def write(self, instance: Model, data: dict[str, Any]) -> Model:
        assert isinstance(instance, Update)
        instance.solution_team = self.team()
        return super().write(instance, data)


class TopicViewSet(Unstored, mixins.ListModelMixin, GenericViewSet[Topic]):
    """What public solution teams are about."""

    queryset = Topic.objects.none()
    serializer_class = TopicSerializer
    permission_classes = [DirectoryPermission]  # noqa: RUF012
    model = Topic

    def get_queryset(self) -> Any:
        return Topic.objects.with_counts()
