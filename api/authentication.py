"""Tokens: rows in the schema of their account, invalid on any other host."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication


class DistrictTokenAuthentication(TokenAuthentication):
    """``Authorization: Bearer <token>`` of an account of this host.

    Only tokens: a cookie of the administration does not open the API.
    """


class BearerScheme(OpenApiAuthenticationExtension):
    """Describes the token in the OpenAPI document."""

    target_class = DistrictTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
