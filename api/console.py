"""The project team's part of the API for one district: numbers, invitations, domains, end, file."""

from tempfile import TemporaryFile
from typing import Any, ClassVar

from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import Unstored
from api.permissions import may, scopes_of
from api.tenancy import DistrictMoveSerializer, DistrictStateSerializer, ReasonSerializer
from api.writing import account_of, read
from tenants.catalogue import services as catalogue
from tenants.catalogue.models import SharedSolution
from tenants.console.models import Numbers, Vital
from tenants.districts import moves
from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.lifecycle import ending
from tenants.provisioning import coordinators
from tenants.transfer.exporting import export_district
from tenants.transfer.file_format import Contents
from tenants.visits import support
from wiq.accounts.models import Scope

VISIT_FIRST = _(
    "Persönliche Angaben gibt es nur während eines Besuchs im Quartier: Öffnen Sie zuerst einen, mit Grund."
)


class ProjectTeamOnly(BasePermission):
    """Allows only tokens of the project team, with the scopes that the view needs beside."""

    def has_permission(self, request: Request, view: Any) -> bool:
        verb = "view" if request.method in SAFE_METHODS else "change"
        needs = view.needs if request.method in view.needed_by else frozenset()
        return may(request, verb, District) and needs <= scopes_of(request)


class ProjectTeamView(Unstored):
    """Something about one district, for the project team."""

    permission_classes = [ProjectTeamOnly]  # noqa: RUF012
    # Whatever opens a way to requests needs a token that is for requests.
    needs: ClassVar = frozenset({Scope.REQUESTS})
    needed_by: ClassVar[tuple[str, ...]] = ()

    def district(self, slug: str) -> District:
        """Return the district in the address, or raise Http404."""
        found: District | None = (
            District.objects.select_related("operator", "vital").filter(slug=slug).first()
        )
        if found is None:
            raise Http404
        return found


class NumbersSerializer(serializers.ModelSerializer[Vital]):
    """What was counted in a district."""

    class Meta:
        model = Vital
        fields = (*(field.name for field in Numbers._meta.get_fields()), "counted_at")


class DistrictDetailSerializer(DistrictStateSerializer):
    """A district with its numbers."""

    numbers = NumbersSerializer(source="vital", default=None, read_only=True)

    class Meta(DistrictStateSerializer.Meta):
        fields = (*DistrictStateSerializer.Meta.fields, "numbers")


class RemovalSerializer(serializers.Serializer[Any]):
    """The district's whole host, typed in: whoever sends it means it."""

    confirm = serializers.CharField(max_length=253)


class DistrictDetailView(ProjectTeamView):
    """One district."""

    RULES_ARE_ABOUT: ClassVar = {"PATCH": "state", "DELETE": "confirm"}

    @extend_schema(responses=DistrictDetailSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Show its state and its numbers."""
        return Response(DistrictDetailSerializer(self.district(slug)).data)

    @extend_schema(request=DistrictMoveSerializer, responses=DistrictStateSerializer)
    def patch(self, request: Request, slug: str) -> Response:
        """Publish, hide, suspend or archive it."""
        district = self.district(slug)
        given = read(DistrictMoveSerializer, request)
        moved = moves.move(district, **given, actor=account_of(request))
        return Response(DistrictStateSerializer(moved).data)

    @extend_schema(request=RemovalSerializer, responses={202: DistrictStateSerializer})
    def delete(self, request: Request, slug: str) -> Response:
        """Archive it, and let it be removed with everything after thirty days."""
        district = self.district(slug)
        typed = read(RemovalSerializer, request)["confirm"]
        leaving = ending.announce_removal(district, typed_host=typed, actor=account_of(request))
        return Response(DistrictStateSerializer(leaving).data, status=status.HTTP_202_ACCEPTED)


class KeepView(ProjectTeamView):
    """A removal that is called off."""

    RULES_ARE_ABOUT: ClassVar = {"POST": "state"}

    @extend_schema(request=None, responses=DistrictStateSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Keep the district after all; it stays archived."""
        kept = ending.call_off_removal(self.district(slug), actor=account_of(request))
        return Response(DistrictStateSerializer(kept).data)


class RestoreView(ProjectTeamView):
    """The end of a suspension or of the archive."""

    RULES_ARE_ABOUT: ClassVar = {"POST": "state"}

    @extend_schema(request=ReasonSerializer, responses=DistrictStateSerializer)
    def post(self, request: Request, slug: str) -> Response:
        """Return to the state before, also to a draft."""
        given = read(ReasonSerializer, request)
        restored = moves.restore(self.district(slug), **given, actor=account_of(request))
        return Response(DistrictStateSerializer(restored).data)


class CoordinatorSerializer(serializers.Serializer[Any]):
    """Somebody who coordinates a district, or is asked to."""

    email = serializers.EmailField()
    is_invited = serializers.BooleanField(read_only=True)
    at = serializers.DateTimeField(read_only=True, allow_null=True)
    is_over = serializers.BooleanField(read_only=True)


class CoordinatorsView(ProjectTeamView):
    """Who coordinates a district."""

    RULES_ARE_ABOUT: ClassVar = {"POST": "email"}
    needed_by: ClassVar = ("POST",)

    @extend_schema(responses=CoordinatorSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List accounts and open invitations."""
        rows = coordinators.overview(self.district(slug), reader=account_of(request))
        return Response(CoordinatorSerializer(rows, many=True).data)

    @extend_schema(request=CoordinatorSerializer, responses={201: CoordinatorSerializer(many=True)})
    def post(self, request: Request, slug: str) -> Response:
        """Invite somebody; who is invited already gets a fresh link."""
        district = self.district(slug)
        given = read(CoordinatorSerializer, request)
        coordinators.invite(district, given["email"], actor=account_of(request))
        rows = coordinators.overview(district, reader=account_of(request))
        return Response(CoordinatorSerializer(rows, many=True).data, status=status.HTTP_201_CREATED)


class VisitSerializer(serializers.Serializer[Any]):
    """Why and how long the project team enters a district; the answer is a one-time link."""

    reason = serializers.CharField(max_length=200)
    minutes = serializers.ChoiceField(choices=support.MINUTES, default=30)
    url = serializers.CharField(read_only=True)


class VisitsView(ProjectTeamView):
    """Support visits."""

    RULES_ARE_ABOUT: ClassVar = {"POST": "reason"}
    needed_by: ClassVar = ("POST",)

    @extend_schema(request=VisitSerializer, responses={201: VisitSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Open a visit; its coordination sees it."""
        asked = read(VisitSerializer, request)
        url = support.open_visit(self.district(slug), **asked, actor=account_of(request))
        answer = VisitSerializer(asked | {"url": url}).data
        return Response(answer, status=status.HTTP_201_CREATED)


class ExportView(ProjectTeamView):
    """A district as a file."""

    @extend_schema(
        parameters=[OpenApiParameter("personal_data", bool, default=False)],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str) -> FileResponse:
        """Hand out the file; both logs note it.

        With personal data only while whoever asks is on a visit in the district, with its reason.
        """
        district = self.district(slug)
        wanted = request.query_params.get("personal_data", "").lower() in ("1", "true", "yes")
        if wanted and Scope.REQUESTS not in scopes_of(request):
            raise PermissionDenied
        target = TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
        contents = Contents(personal_data=wanted)
        visit = support.ongoing(district, account_of(request)) if wanted else None
        if wanted and visit is None:
            raise PermissionDenied(VISIT_FIRST)
        reason = visit.reason if visit is not None else ""
        export_district(
            district, target, contents=contents, actor=account_of(request), reason=reason
        )
        target.seek(0)
        name = contents.file_name(slug)
        return FileResponse(
            target, as_attachment=True, filename=name, content_type="application/zip"
        )


class SharedSerializer(serializers.ModelSerializer[SharedSolution]):
    """A solution team that others may copy."""

    district = serializers.CharField(source="district.slug")
    url = serializers.SerializerMethodField()
    contact_url = serializers.SerializerMethodField()

    class Meta:
        model = SharedSolution
        fields = ("district", "name", "challenge", "approach", "topics", "url", "contact_url")

    def get_url(self, shared: SharedSolution) -> str:
        return catalogue.profile_url(shared)

    def get_contact_url(self, shared: SharedSolution) -> str:
        return catalogue.contact_url(shared)


class CatalogueView(Unstored):
    """What districts let others copy."""

    @extend_schema(responses=SharedSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List it."""
        shown = SharedSolution.objects.shown().prefetch_related("district__domains")
        return Response(SharedSerializer(shown, many=True).data)


class KitView(Unstored):
    """The starter kit, as its data file."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Show the current version."""
        version = kit.current_version()
        if version is None:
            raise Http404
        return Response(kit.as_data(version))
