"""Teams and people in the API."""

from typing import Any

from django.db.models import Model, Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from api.permissions import may
from api.serializers import PersonSerializer, TeamSerializer, without_address
from api.writing import DirectoryViewSet
from directory.people import services
from directory.people.consents import Consent
from directory.people.models import Person, Team
from directory.solutions.models import SolutionTeamMember


class TeamWriteSerializer(serializers.ModelSerializer[Team]):
    """The fields of a team that a token may write."""

    class Meta:
        model = Team
        fields = (
            *("slug", "kind", "abbreviation", "name", "description", "description_en", "size"),
            *("position", "contact_email", "is_published"),
        )

    get_fields = without_address


class PersonWriteSerializer(serializers.ModelSerializer[Person]):
    """The fields of a person that a token may write; pictures go through the desk."""

    class Meta:
        model = Person
        fields = ("slug", "name", "about", "about_en", "quote", "sector")


def writes(write_shape: type[Any], read_shape: type[Any]) -> Any:
    """Describe the bodies and responses of writes in the OpenAPI document."""
    return extend_schema_view(
        create=extend_schema(request=write_shape, responses={201: read_shape}),
        partial_update=extend_schema(request=write_shape, responses=read_shape),
        destroy=extend_schema(responses={204: None}),
    )


@writes(TeamWriteSerializer, TeamSerializer)
class TeamViewSet(DirectoryViewSet):
    """The published teams with their seats and the people who agreed to be shown."""

    queryset = Team.objects.none()
    model = Team
    serializer_class = TeamSerializer
    write_class = TeamWriteSerializer
    services = services

    def get_queryset(self) -> Any:
        teams = Team.objects.all() if self.sees_everything() else Team.objects.published()
        return teams.with_people()


@writes(PersonWriteSerializer, PersonSerializer)
class PersonViewSet(DirectoryViewSet):
    """The people who agreed to be shown."""

    queryset = Person.objects.none()
    model = Person
    serializer_class = PersonSerializer
    write_class = PersonWriteSerializer
    services = services

    def perform_removal(self, found: Model) -> None:
        """Like the desk, refuse to delete consents along with a person if the role may not."""
        assert isinstance(found, Person)
        if found.consents.exists() and not may(self.request, "delete", Consent):
            raise PermissionDenied
        super().perform_removal(found)

    def get_queryset(self) -> Any:
        people = Person.objects.with_consents()
        shown = people if self.sees_everything() else Person.objects.shown()
        memberships = SolutionTeamMember.objects.in_public_teams()
        return shown.with_teams().prefetch_related(
            Prefetch("solution_memberships", memberships, to_attr="shown_solution_memberships")
        )
