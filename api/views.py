"""The API of a district and of the platform: shapes and permissions, no rules of its own."""

from typing import Any

from django.core.exceptions import ValidationError as RuleError
from django.db.models import Model
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from api import shapes
from api.permissions import InboxPermission
from directory.contact import rules, services
from directory.contact.models import ContactRequest, Origin
from directory.contact.throttling import ContactThrottle
from directory.people.models import Person, Team
from tenants.districts.models import District
from wiq.web.hosts import absolute

KEY = "Idempotency-Key"
KEY_MAX = 100


def account_of(request: Request) -> Model:
    """Return the account whose token came with the request: the actor of what it writes."""
    assert isinstance(request.user, Model)
    return request.user


class KeyReused(APIException):
    """An Idempotency-Key came back with another body."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "This Idempotency-Key was used for another request."
    default_code = "idempotency_key_reused"


class IndexView(APIView):
    """Where this API is described."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response({"docs": absolute("/api/docs/"), "schema": absolute("/api/schema/")})


class DistrictView(APIView):
    """The district of this host."""

    @extend_schema(responses=shapes.DistrictShape)
    def get(self, request: Request) -> Response:
        return Response(shapes.DistrictShape(shapes.current_district()).data)


class TeamViewSet(ReadOnlyModelViewSet[Team]):
    """The published teams with their seats and the people who agreed to be shown."""

    queryset = Team.objects.none()
    serializer_class = shapes.TeamShape
    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9-]+"

    def get_queryset(self) -> Any:
        return Team.objects.published().with_people()


class PersonViewSet(ReadOnlyModelViewSet[Person]):
    """The people who agreed to be shown."""

    queryset = Person.objects.none()
    serializer_class = shapes.PersonShape
    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9-]+"

    def get_queryset(self) -> Any:
        return Person.objects.shown().with_teams()


class ContactRequestViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    GenericViewSet[ContactRequest],
):
    """Write to us (everybody); read and move what came in (a coordinator's token)."""

    queryset = ContactRequest.objects.none()
    serializer_class = shapes.ContactRequestShape
    permission_classes = [InboxPermission]  # noqa: RUF012 (as DRF declares it)
    throttle_classes = [ContactThrottle]  # noqa: RUF012
    lookup_field = "reference"
    lookup_value_regex = "[A-Z0-9-]+"

    def get_queryset(self) -> Any:
        return ContactRequest.objects.select_related("team")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep what residents wrote, and the address of a status page, out of every cache."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    @extend_schema(
        request=shapes.NewContactRequestShape,
        responses={201: shapes.AcceptedShape},
        parameters=[OpenApiParameter(KEY, str, OpenApiParameter.HEADER)],
    )
    def create(self, request: Request) -> Response:
        """Accept a request, once for each Idempotency-Key."""
        shape = shapes.NewContactRequestShape(data=request.data)
        shape.is_valid(raise_exception=True)
        try:
            checked = rules.check(rules.Submission(**shape.validated_data))
        except RuleError as error:
            raise ValidationError(error.message_dict) from None
        key = request.headers.get(KEY, "")
        if not key:
            accepted = services.accept(checked, origin=Origin.API)
        elif len(key) > KEY_MAX or not (key.isascii() and key.isprintable()):
            raise ValidationError({KEY: [f"At most {KEY_MAX} printable ASCII characters."]})
        else:
            try:
                accepted = services.accept_once(checked, origin=Origin.API, key=key)
            except services.KeyReused:
                raise KeyReused from None
        return Response(shapes.AcceptedShape(accepted).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, reference: str) -> Response:
        """Set the state of a request."""
        found = self.get_object()
        shape = shapes.ContactRequestShape(found, data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        state = shape.validated_data.get("state", found.state)
        changed = services.set_state(found, state, actor=account_of(request))
        return Response(shapes.ContactRequestShape(changed).data)


class PublicDistrictsView(ListAPIView[District]):
    """The published districts."""

    serializer_class = shapes.PublicDistrictShape

    def get_queryset(self) -> Any:
        return District.objects.published().prefetch_related("domains")
