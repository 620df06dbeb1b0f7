"""What the API says about this host: its district, and where the documents are."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import Unstored
from api.serializers import DistrictSerializer, current_district
from wiq.web.hosts import absolute


class IndexView(Unstored):
    """Where this API is described."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response({"docs": absolute("/api/docs/"), "schema": absolute("/api/schema/")})


class DistrictView(Unstored):
    """The district of this host."""

    @extend_schema(responses=DistrictSerializer)
    def get(self, request: Request) -> Response:
        return Response(DistrictSerializer(current_district()).data)
