"""The webhook for incoming mail: a mail server or provider hands over each mail as it came."""

from typing import IO, Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import Unstored
from wiq.inbound import receiving
from wiq.inbound.mailboxes import Outcome, Unreadable
from wiq.rooms import is_bearer

_UNREADABLE = _("Diese E-Mail besteht aus zu vielen Teilen. Sie lässt sich nicht lesen.")


class MailParser(BaseParser):
    """A mail in the form of RFC 5322, as bytes."""

    media_type = "message/rfc822"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, bytes]:
        return {"mail": stream.read()}


class InboundToken(BaseAuthentication):
    """``Authorization: Bearer WIQ_INBOUND_TOKEN``. Where none is set, there is no such address."""

    def authenticate(self, request: Request) -> None:
        if not settings.WIQ_INBOUND_TOKEN:
            raise Http404
        if not is_bearer(request._request, settings.WIQ_INBOUND_TOKEN):
            raise AuthenticationFailed

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class InboundScheme(OpenApiAuthenticationExtension):
    """Describes the token in the OpenAPI document: no account's opens the webhook."""

    target_class = InboundToken
    name = "inbound"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "WIQ_INBOUND_TOKEN"}


class OutcomeSerializer(serializers.Serializer[Any]):
    """What became of the mail."""

    outcome = serializers.ChoiceField(choices=[str(outcome) for outcome in Outcome])


class InboundView(Unstored):
    """Mail that comes in."""

    authentication_classes = [InboundToken]  # noqa: RUF012
    permission_classes = []  # noqa: RUF012
    parser_classes = [MailParser]  # noqa: RUF012

    @extend_schema(
        request={"message/rfc822": OpenApiTypes.BINARY}, responses={202: OutcomeSerializer}
    )
    def post(self, request: Request) -> Response:
        """Take one mail; the same mail twice is taken once."""
        sent: Any = request.data
        try:
            outcome = receiving.receive(sent.get("mail", b""))
        except Unreadable as error:
            # Whoever brought it would else bring it for days.
            raise ParseError(_UNREADABLE) from error
        return Response({"outcome": outcome}, status=status.HTTP_202_ACCEPTED)
