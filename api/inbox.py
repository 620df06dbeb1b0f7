"""What residents send through the API: contact requests and ideas."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.caching import Unstored
from api.conversations import (
    Conversing,
    EntrySerializer,
    assign,
    entries,
    joined_to,
    with_assignee,
)
from api.forms import KEY, filled_in, sent_with, serializer_of
from api.permissions import InboxPermission
from api.serializers import (
    AcceptedSerializer,
    ContactRequestSerializer,
)
from api.writing import account_of, read
from directory.contact import services as contact
from directory.contact.forms import ContactForm
from directory.contact.models import ContactRequest
from directory.ideas import mails as idea_mails
from directory.ideas import services as ideas
from directory.ideas.forms import IdeaForm
from directory.ideas.models import Idea, IdeaState
from wiq.submissions import reading
from wiq.submissions.models import Submission
from wiq.throttling import SubmissionThrottle


class InboxViewSet(Unstored, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Any]):
    """Write to us (everybody); read and move what came in (a coordinator's token)."""

    permission_classes = [InboxPermission]  # noqa: RUF012 (as DRF declares it)
    throttle_classes = [SubmissionThrottle]  # noqa: RUF012
    lookup_field = "reference"
    lookup_value_regex = "[A-Z0-9-]+"
    model: type[Submission]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show one; the log notes who has read it."""
        return super().retrieve(request, *args, **kwargs)

    def get_object(self) -> Any:
        """Return one; the log notes who has read it, also who moves or answers it."""
        found = super().get_object()
        reading.note(found, actor=account_of(self.request))
        return found

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List them; the log notes who has read those of this page."""
        shown = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        reading.note_all(shown, actor=account_of(request))
        return self.get_paginated_response(self.get_serializer(shown, many=True).data)


class OneRequestSerializer(ContactRequestSerializer):
    """One request, with what happened."""

    joined_to = serializers.SerializerMethodField()
    conversation = serializers.SerializerMethodField()

    class Meta(ContactRequestSerializer.Meta):
        fields = (*ContactRequestSerializer.Meta.fields, "joined_to", "conversation")
        read_only_fields = (
            *ContactRequestSerializer.Meta.read_only_fields, "joined_to", "conversation",
        )  # fmt: skip

    def get_joined_to(self, request: ContactRequest) -> str | None:
        """Return the number of the request in whose conversation this one stands."""
        return joined_to(request)

    @extend_schema_field(EntrySerializer(many=True))
    def get_conversation(self, request: ContactRequest) -> Any:
        return entries(request)


class ContactRequestViewSet(Conversing, InboxViewSet):
    """Contact requests."""

    queryset = ContactRequest.objects.none()
    serializer_class = ContactRequestSerializer
    model = ContactRequest

    def get_queryset(self) -> Any:
        rows = ContactRequest.objects.select_related("team", "solution_team")
        return with_assignee(rows, ContactRequest._meta.label_lower)

    def get_serializer_class(self) -> Any:
        return OneRequestSerializer if self.action == "retrieve" else self.serializer_class

    @extend_schema(
        request=serializer_of(ContactForm),
        responses={201: AcceptedSerializer},
        parameters=[OpenApiParameter(KEY, str, OpenApiParameter.HEADER)],
    )
    def create(self, request: Request) -> Response:
        """Send a contact request."""
        form = filled_in(ContactForm, request)
        kept = contact.accept(form.values(), sent=sent_with(request))
        return Response(AcceptedSerializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=OneRequestSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, reference: str) -> Response:
        """Set the state of a request, or who is in charge of it."""
        found = self.get_object()
        given = read(ContactRequestSerializer, request, instance=found, partial=True)
        # Without a state in the body, nothing is written, so a concurrent move is not undone.
        if "state" in given:
            contact.set_state(found, given["state"], actor=account_of(request))
        if "assignee" in given:
            assign(found, given["assignee"], request)
        return Response(OneRequestSerializer(self.get_queryset().get(pk=found.pk)).data)


class AcceptedIdeaSerializer(serializers.Serializer[Any]):
    """The answer to an accepted idea."""

    reference = serializers.CharField(read_only=True)
    status_url = serializers.SerializerMethodField()

    def get_status_url(self, idea: Idea) -> str:
        return idea_mails.status_url(idea)


class IdeaSerializer(serializers.ModelSerializer[Idea]):
    """An idea at the desk."""

    solution_team = serializers.CharField(source="solution_team.slug", default=None, read_only=True)

    class Meta:
        model = Idea
        fields = (
            *("reference", "title", "description", "place", "wants_to_help", "name", "email"),
            *("phone", "language", "origin", "state", "solution_team", "created_at"),
        )


class IdeaMoveSerializer(serializers.Serializer[Any]):
    """Where an idea goes, and what its bringer reads about it."""

    state = serializers.ChoiceField(choices=[c for c in IdeaState.choices if c[0] in ideas.MOVE])
    note = serializers.CharField(required=False, allow_blank=True, default="")


class IdeaViewSet(InboxViewSet):
    """Ideas."""

    queryset = Idea.objects.none()
    serializer_class = IdeaSerializer
    model = Idea

    def get_queryset(self) -> Any:
        return Idea.objects.select_related("solution_team")

    @extend_schema(
        request=serializer_of(IdeaForm),
        responses={201: AcceptedIdeaSerializer},
        parameters=[OpenApiParameter(KEY, str, OpenApiParameter.HEADER)],
    )
    def create(self, request: Request) -> Response:
        """Bring an idea."""
        form = filled_in(IdeaForm, request)
        kept = ideas.accept(form.values(), sent=sent_with(request))
        return Response(AcceptedIdeaSerializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=IdeaMoveSerializer, responses=IdeaSerializer)
    def partial_update(self, request: Request, reference: str) -> Response:
        """Move an idea: take it up, ask back, note the steering team's decision with its reason."""
        given = read(IdeaMoveSerializer, request)
        move = ideas.MOVE[given["state"]]
        moved = move(self.get_object(), actor=account_of(request), note=given["note"])
        return Response(IdeaSerializer(moved).data)
