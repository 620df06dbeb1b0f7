"""Errors of the API: one format for all, and a record of who was refused."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import models
from drf_standardized_errors.handler import exception_handler
from rest_framework import exceptions
from rest_framework.response import Response

from wiq.audit import services as audit


def handle(error: Exception, context: Any) -> Response | None:
    """Answer an error; where an account was refused, record it."""
    request = context.get("request")
    if isinstance(error, SuspiciousOperation):  # more fields than anybody means
        error = exceptions.ParseError()
    user = getattr(request, "user", None)
    refused = isinstance(error, exceptions.PermissionDenied | PermissionDenied)
    if refused and request is not None and isinstance(user, models.Model):
        details = {"method": request.method, "path": request.path[:200]}
        audit.record("request.refused", None, actor=user, details=details)
    response: Response | None = exception_handler(error, context)
    return response
