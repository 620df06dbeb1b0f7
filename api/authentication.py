"""Tokens: rows in the schema of their account, invalid on any other host."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from wiq.accounts import services
from wiq.accounts.models import ApiToken


class DistrictTokenAuthentication(TokenAuthentication):
    """``Authorization: Bearer <token>`` of an account of this host.

    Only tokens: a cookie of the administration does not open the API. ``request.auth`` is the row
    that says what the token is for.
    """

    def validate_user(self, auth_token: AuthToken) -> tuple[Any, ApiToken]:
        """Return the account and the token. Raises AuthenticationFailed."""
        user, row = super().validate_user(auth_token)
        token = services.used(row)
        if token is None or not user.may_act:
            raise AuthenticationFailed
        return user, token


class BearerScheme(OpenApiAuthenticationExtension):
    """Describes the token in the OpenAPI document."""

    target_class = DistrictTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
