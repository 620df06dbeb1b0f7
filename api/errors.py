"""Errors of the API: one format for all, and an audit entry for refusals."""

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as RuleError
from django.db import models
from drf_standardized_errors.handler import ExceptionHandler
from drf_standardized_errors.openapi_serializers import ClientErrorEnum, ServerErrorEnum
from drf_standardized_errors.openapi_serializers import ValidationErrorEnum as Validation
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from wiq.audit import services as audit
from wiq.outages import is_outage
from wiq.submissions import services as submissions
from wiq.web.errors import CODES, RETRY_SECONDS, TEXTS

WHOLE_BODY = "non_field_errors"


class ErrorSerializer(serializers.Serializer):
    """One thing that is wrong: a word for programs, a sentence for people, and where."""

    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ErrorsSerializer(serializers.Serializer):
    """What every refusal looks like, whatever its status."""

    type = serializers.ChoiceField(
        choices=[*Validation.choices, *ClientErrorEnum.choices, *ServerErrorEnum.choices]
    )
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]


class KeyReused(exceptions.APIException):
    """An Idempotency-Key was used again with a different body."""

    status_code = 422
    default_detail = "This Idempotency-Key was used for another request."
    default_code = "idempotency_key_reused"


class Unavailable(exceptions.APIException):
    """A server that we need is away."""

    status_code = 503
    default_detail = TEXTS[503]
    default_code = CODES[503]
    # What DRF sends as Retry-After.
    wait = RETRY_SECONDS


class Handler(ExceptionHandler):
    """Answers an error, and records it if an account was refused."""

    def run(self) -> Response | None:
        """Return the response to an error."""
        request = self.context.get("request")
        user = getattr(request, "user", None)
        refused = isinstance(self.exc, exceptions.PermissionDenied | PermissionDenied)
        if refused and request is not None and isinstance(user, models.Model):
            details = {"method": request.method, "path": request.path[:200]}
            audit.record_event("request.refused", None, actor=user, details=details)
        return super().run()

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        """Turn the breach of a rule into an error about the body, and an outage into 503.

        Suspiciously many fields count as a body that can't be parsed.
        """
        if is_outage(exc):
            return Unavailable()
        if isinstance(exc, RuleError):
            return self._told(exc)
        if isinstance(exc, submissions.KeyReused):
            return KeyReused()
        if isinstance(exc, SuspiciousOperation):
            return exceptions.ParseError()
        if isinstance(exc, ObjectDoesNotExist):
            # Deleted by somebody between two of our statements.
            return exceptions.NotFound()
        return super().convert_known_exceptions(exc)

    def _told(self, error: RuleError) -> exceptions.ValidationError:
        """Return a rule's error under the fields it names, else under the view's field."""
        if hasattr(error, "error_dict"):
            return exceptions.ValidationError(error.message_dict)
        method = getattr(self.context["request"], "method", "")
        field = getattr(self.context["view"], "RULES_ARE_ABOUT", {}).get(method, WHOLE_BODY)
        return exceptions.ValidationError({field: error.messages})
