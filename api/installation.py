"""What one installation tells another: what it is and holds, and all of its districts."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import Unstored
from api.console import ProjectTeamOnly
from tenants.cells import own
from tenants.districts.models import District, State

STATES = [state for state in State.values if state != State.DELETED]
LONGEST_SEARCH = 100


class InstallationSerializer(serializers.Serializer[Any]):
    """An installation; ``max_districts`` is null where nobody has said how many it is to hold."""

    name = serializers.CharField(help_text="Its WIQ_DOMAIN.")
    url = serializers.CharField()
    console_url = serializers.CharField()
    version = serializers.CharField()
    districts = serializers.IntegerField(help_text="With those that are ordered.")
    max_districts = serializers.IntegerField(allow_null=True)
    states = serializers.DictField(child=serializers.IntegerField())
    failing = serializers.ListField(
        child=serializers.CharField(), help_text="Parts of /health/ready that do not work."
    )


class DistrictOfInstallationSerializer(serializers.ModelSerializer[District]):
    """A district, public or not."""

    host = serializers.CharField()
    console_url = serializers.SerializerMethodField()

    class Meta:
        model = District
        fields = (
            *("slug", "name", "city", "state", "state_since", "delete_after", "host", "url"),
            "console_url",
        )

    def get_console_url(self, district: District) -> str:
        return own.console_url(district)


class InstallationView(Unstored):
    """This installation, for the project team."""

    permission_classes = [ProjectTeamOnly]  # noqa: RUF012
    needed_by: ClassVar[tuple[str, ...]] = ()

    @extend_schema(responses=InstallationSerializer)
    def get(self, request: Request) -> Response:
        """Show what it is, what runs, how many districts it has and is to hold."""
        return Response(InstallationSerializer(own.about()).data)


@extend_schema(
    parameters=[
        OpenApiParameter("search", str, description="Words in name, town or addresses."),
        OpenApiParameter("state", str, enum=STATES),
    ]
)
class InstallationDistrictsView(Unstored, ListAPIView[District]):
    """All districts of this installation, public or not, for the project team."""

    permission_classes = [ProjectTeamOnly]  # noqa: RUF012
    serializer_class = DistrictOfInstallationSerializer
    needed_by: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self) -> QuerySet[District]:
        return own.districts()

    def filter_queryset(self, queryset: Any) -> QuerySet[District]:
        """Return those that the address asks for. Raises ValidationError for an unknown state."""
        asked = self.request.query_params
        state = asked.get("state", "")
        if state and state not in STATES:
            raise ValidationError({"state": _("Diesen Zustand gibt es nicht.")})
        return own.districts(asked.get("search", "")[:LONGEST_SEARCH], state)
