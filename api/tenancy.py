"""The platform's part of the API: applications, orders, the life of districts."""

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.viewsets import GenericViewSet

from api.caching import Unstored
from api.forms import filled_in, sent_with, serializer_of
from api.permissions import InboxPermission, may
from api.serializers import PublicDistrictSerializer
from api.writing import account_of, read
from tenants.applications import services
from tenants.applications.forms import ApplicationForm
from tenants.applications.models import Application
from tenants.districts.models import MOVABLE, District
from tenants.provisioning import orders
from tenants.provisioning.models import Order, Step
from wiq.throttling import SubmissionThrottle
from wiq.web.hosts import on_platform


class StepSerializer(serializers.ModelSerializer[Step]):
    """One step of an order."""

    class Meta:
        model = Step
        fields = ("name", "state", "attempts", "error", "finished_at")


class OrderSerializer(serializers.ModelSerializer[Order]):
    """How far a district has come that was ordered."""

    steps = StepSerializer(many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = ("slug", "name", "state", "error", "created_at", "finished_at", "url", "steps")

    def get_url(self, order: Order) -> str | None:
        district = District.objects.filter(pk=order.district_id).first()
        return district.url if district else None


class PlacedOrderSerializer(serializers.Serializer[Any]):
    """The answer to an order: where to ask how far it is."""

    slug = serializers.CharField()
    state = serializers.CharField()
    status_url = serializers.SerializerMethodField()

    def get_status_url(self, order: Order) -> str:
        return on_platform("api-order", order.token)


class NewDistrictSerializer(serializers.Serializer[Any]):
    """What a new district needs."""

    slug = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=120)
    city = serializers.CharField(max_length=120)
    coordinator = serializers.EmailField(required=False, default="", allow_blank=True)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why; the district's coordination reads it."""

    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class DistrictMoveSerializer(ReasonSerializer):
    """Where a district goes."""

    state = serializers.ChoiceField(choices=MOVABLE)


class DistrictStateSerializer(serializers.ModelSerializer[District]):
    """A district as the project team sees it."""

    class Meta:
        model = District
        fields: tuple[str, ...] = (
            *("slug", "name", "city", "state", "state_since", "delete_after", "url"),
        )


class DistrictPermission(InboxPermission):
    """Everybody may read the public list; a project team token adds and moves districts."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in ("POST", "PATCH"):
            return may(request, "change", District)
        return True


class DistrictsView(Unstored, ListAPIView[District]):
    """The published districts; with a project team token, new ones are ordered."""

    permission_classes = [DistrictPermission]  # noqa: RUF012
    serializer_class = PublicDistrictSerializer
    RULES_ARE_ABOUT: ClassVar = {"POST": "slug"}

    def get_queryset(self) -> Any:
        return District.objects.published().prefetch_related("domains")

    @extend_schema(request=NewDistrictSerializer, responses={202: PlacedOrderSerializer})
    def post(self, request: Request) -> Response:
        """Order a district; a worker makes it in the background."""
        order = orders.place(**read(NewDistrictSerializer, request), actor=account_of(request))
        return Response(PlacedOrderSerializer(order).data, status=status.HTTP_202_ACCEPTED)


class OrderView(Unstored):
    """Where an order is; whoever ordered got this address, nobody else knows it."""

    @extend_schema(responses=OrderSerializer)
    def get(self, request: Request, token: str) -> Response:
        order = Order.objects.prefetch_related("steps").filter(token=token).first()
        if order is None:
            raise Http404
        return Response(OrderSerializer(order).data, headers={"Cache-Control": "no-store"})


class ReceivedApplicationSerializer(serializers.Serializer[Any]):
    """The answer to an application: the link to its page goes to the address by mail."""

    reference = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """An application, for the project team."""

    contact_name = serializers.CharField(source="name")
    status_url = serializers.SerializerMethodField()

    class Meta:
        model = Application
        fields = (
            *("id", "reference", "state", "district_name", "slug", "city", "organisation"),
            *("contact_name", "email", "phone", "motivation", "language", "created_at"),
            *("confirmed_at", "status_url"),
        )

    def get_status_url(self, application: Application) -> str | None:
        """Return the address of the order for its district, once it is approved."""
        order = application.order
        return on_platform("api-order", order.token) if order else None


class DecisionSerializer(serializers.Serializer[Any]):
    """What the applicant reads about a decision."""

    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)


class ApprovalSerializer(DecisionSerializer):
    """An approval may give another subdomain than the wished one."""

    slug = serializers.CharField(required=False, allow_blank=True, default="", max_length=40)


class ApplicationPermission(InboxPermission):
    """Everybody may apply; the rest is for the project team."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method == "POST" and view.action != "create":
            return may(request, "change", Application)
        return super().has_permission(request, view)


class ApplicationViewSet(
    Unstored, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Application]
):
    """Applications with a quarter."""

    queryset = Application.objects.none()
    serializer_class = ApplicationSerializer
    permission_classes = [ApplicationPermission]  # noqa: RUF012
    lookup_value_regex = "[0-9]{1,18}"
    model = Application

    def get_queryset(self) -> Any:
        return Application.objects.select_related("order")

    def get_throttles(self) -> list[BaseThrottle]:
        return [SubmissionThrottle()] if self.action == "create" else []

    @extend_schema(
        request=serializer_of(ApplicationForm), responses={201: ReceivedApplicationSerializer}
    )
    def create(self, request: Request) -> Response:
        """Apply with a quarter; the address is confirmed by the link of a mail."""
        form = filled_in(ApplicationForm, request)
        kept = services.accept(form.values(), sent=sent_with(request))
        return Response(ReceivedApplicationSerializer(kept).data, status=status.HTTP_201_CREATED)

    def _decide(self, decide: Any, given: dict[str, str], **more: str) -> Response:
        # The text for the applicant may be sent as a note or as a reason.
        words = given["note"] or given["reason"]
        decided = decide(self.get_object(), actor=account_of(self.request), note=words, **more)
        return Response(ApplicationSerializer(decided).data)

    @extend_schema(request=ApprovalSerializer, responses=ApplicationSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve: the district is made in the background."""
        given = read(ApprovalSerializer, request)
        return self._decide(services.approve, given, slug=given["slug"])

    @extend_schema(request=DecisionSerializer, responses=ApplicationSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """Decline, with the reason."""
        return self._decide(services.decline, read(DecisionSerializer, request))

    @extend_schema(request=DecisionSerializer, responses=ApplicationSerializer)
    @action(detail=True, methods=["post"], url_path="ask-back")
    def ask_back(self, request: Request, pk: str) -> Response:
        """Ask the applicant something."""
        return self._decide(services.ask_back, read(DecisionSerializer, request))
