"""The way by which a district comes from another installation, and how a move stands.

Not for people: the other side's command speaks it (tenants.moving.peer), with a token for one move.
"""

from io import BytesIO
from typing import IO, Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import Unstored
from api.parsers import StrictJSONParser
from api.writing import read
from tenants.moving import arriving, tokens
from tenants.moving.models import Direction, Move
from wiq.rooms import bearer_of


class BytesParser(BaseParser):
    """A file as it is, read by whoever keeps it."""

    media_type = "application/octet-stream"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, IO[bytes]]:
        return {"content": stream}


class MoveToken(BaseAuthentication):
    """The word that one side of a move has given to the other; it opens this move alone."""

    def authenticate(self, request: Request) -> None:
        sent = bearer_of(request._request)
        move = tokens.known(sent) if sent else None
        if move is None:
            raise AuthenticationFailed
        request._request.move = move  # type: ignore[attr-defined]

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class OfferSerializer(serializers.Serializer[Any]):
    """What a district's place says of it."""

    slug = serializers.CharField(max_length=40)
    version = serializers.CharField(max_length=64)
    token = serializers.CharField(max_length=100)
    key_name = serializers.CharField(max_length=16)


class MoveView(Unstored):
    """One move, as this side sees it."""

    authentication_classes = [MoveToken]  # noqa: RUF012
    permission_classes = []  # noqa: RUF012
    throttle_classes = []  # noqa: RUF012 (nobody guesses 256 bits, and a district has many files)
    parser_classes = [StrictJSONParser]  # noqa: RUF012
    RULES_ARE_ABOUT = {"PUT": "slug", "DELETE": "stage", "POST": "stage"}  # noqa: RUF012

    def move(self, request: Request, number: UUID) -> Move:
        """Return the move that the token opens; another one's number is unknown."""
        move: Move = request._request.move  # type: ignore[attr-defined]
        if move.uuid not in (None, number):
            raise Http404
        return move

    def coming(self, request: Request, number: UUID) -> Move:
        """Return the move of a district that is to come here."""
        move = self.move(request, number)
        if move.direction != Direction.IN:
            raise Http404
        return move

    def content(self, request: Request) -> IO[bytes]:
        """Return the body, which may be empty: then DRF calls no parser."""
        sent: Any = request.data
        found: IO[bytes] = sent.get("content") or BytesIO()
        return found

    @extend_schema(exclude=True)
    def get(self, request: Request, number: UUID) -> Response:
        """Show how far it is."""
        return Response(arriving.as_told(self.move(request, number)))

    @extend_schema(exclude=True)
    def put(self, request: Request, number: UUID) -> Response:
        """Take note that the district comes."""
        move = arriving.offer(self.coming(request, number), number, read(OfferSerializer, request))
        return Response(arriving.as_told(move))

    @extend_schema(exclude=True)
    def delete(self, request: Request, number: UUID) -> Response:
        """Forget what came."""
        arriving.take_back(self.coming(request, number))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MoveFileView(MoveView):
    """A file of the district."""

    parser_classes = [BytesParser]  # noqa: RUF012
    http_method_names = ["put", "options"]  # noqa: RUF012

    @extend_schema(exclude=True)
    def put(self, request: Request, number: UUID, name: str) -> Response:  # type: ignore[override]
        """Keep it."""
        arriving.keep_file(self.coming(request, number), name, self.content(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MoveRowsView(MoveView):
    """The district's rows."""

    parser_classes = [BytesParser]  # noqa: RUF012
    http_method_names = ["put", "options"]  # noqa: RUF012

    @extend_schema(exclude=True)
    def put(self, request: Request, number: UUID) -> Response:
        """Write them, all or none."""
        arriving.take_rows(self.coming(request, number), self.content(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MoveServingView(MoveView):
    """The word on which this side answers for the district."""

    http_method_names = ["post", "options"]  # noqa: RUF012

    @extend_schema(exclude=True)
    def post(self, request: Request, number: UUID) -> Response:
        """Answer for it from now on."""
        arriving.serve(self.coming(request, number))
        return Response(status=status.HTTP_204_NO_CONTENT)
