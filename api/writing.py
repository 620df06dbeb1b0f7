"""What all writing parts of the API share: the actor, reading the body, calling services."""

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from api.caching import Unstored
from api.permissions import DirectoryPermission, may
from directory.people import short_names
from directory.people.short_names import Renamed


class StillNeeded(APIException):
    """The object can't be deleted, because others still refer to it."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Das wird noch gebraucht, zum Beispiel für einen Sitz in einem Team.")
    default_code = "still_needed"


class SomebodyWasQuicker(APIException):
    """Two requests wrote the same unique value at the same moment."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = _(
        "Jemand war schneller. Bitte laden Sie neu und versuchen Sie es noch einmal."
    )
    default_code = "conflict"


def account_of(request: Request) -> Model:
    """Return the account of the request's token, as the actor of its writes."""
    assert isinstance(request.user, Model)
    return request.user


def read(shape: type[BaseSerializer[Any]], request: Request, **more: Any) -> dict[str, Any]:
    """Return the values of a request's body. Raises DRF's ValidationError if they are invalid."""
    body = shape(data=request.data, **more)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class DirectoryViewSet(Unstored, ReadOnlyModelViewSet[Any]):
    """Reading for everybody, writing through a room's services with a token."""

    permission_classes = [DirectoryPermission]  # noqa: RUF012 (as DRF declares it)
    lookup_field = "slug"
    lookup_value_regex = short_names.PATTERN
    model: type[Model]
    write_class: type[Any]
    # The room's services module: ``save`` and ``remove``.
    services: Any

    def sees_everything(self) -> bool:
        """Tell whether the token may see more than what is published."""
        return may(self.request, "view", self.model)

    def get_object(self) -> Any:
        """Return the object in the address. Raises Renamed for a former short name."""
        try:
            return super().get_object()
        except Http404:
            if self.lookup_field == "slug":
                short_names.lead_on(self.get_queryset(), self.kwargs["slug"])
            raise

    def handle_exception(self, exc: Exception) -> Any:
        """Lead on to what was renamed; whatever else is wrong is answered as everywhere."""
        if isinstance(exc, Renamed):
            return short_names.redirect(self.request._request, exc)
        return super().handle_exception(exc)

    def write(self, instance: Model, data: dict[str, Any]) -> Model:
        """Save an object with new values; rooms with more than plain fields override this."""
        for name, value in data.items():
            setattr(instance, name, value)
        saved: Model = self.services.save(instance, actor=account_of(self.request))
        return saved

    @transaction.atomic
    def _written(self, instance: Model, request: Request, *, partial: bool) -> Model:
        if not instance._state.adding:
            # Read again, locked: other people's changes to fields outside the body stay.
            instance = self.model._default_manager.select_for_update().get(pk=instance.pk)
        context = self.get_serializer_context()
        given = read(self.write_class, request, instance=instance, partial=partial, context=context)
        written: Model = self._try(lambda: self.write(instance, given))
        return written

    def _try(self, work: Callable[[], Any]) -> Any:
        try:
            with transaction.atomic():
                return work()
        except (ProtectedError, RestrictedError):
            raise StillNeeded from None
        except IntegrityError:
            raise SomebodyWasQuicker from None

    def _show(self, instance: Model, code: int) -> Response:
        found = self.get_queryset().get(pk=instance.pk)
        return Response(self.get_serializer(found).data, status=code)

    def perform_removal(self, found: Model) -> None:
        """Delete an object through its room's service."""
        self.services.remove(found, actor=account_of(self.request))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Create an object."""
        created = self._written(self.model(), request, partial=False)
        return self._show(created, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change some fields of an object."""
        changed = self._written(self.get_object(), request, partial=True)
        return self._show(changed, status.HTTP_200_OK)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete an object."""
        found = self.get_object()
        self._try(lambda: self.perform_removal(found))
        return Response(status=status.HTTP_204_NO_CONTENT)
