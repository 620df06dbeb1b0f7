"""Stored files under the storage's own addresses, which the desk's forms link to."""

import mimetypes
from functools import cache

from django.db import models
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from wiq.media.films import film_response, is_film
from wiq.media.responses import not_yet, whole_file
from wiq.media.waiting import is_waiting
from wiq.rooms import Tables, rooms
from wiq.tenancy import connection


@require_safe
def stored_file(request: HttpRequest, schema: str, folder: str, name: str) -> HttpResponseBase:
    """Serve a file to users who may view its row; all others get 404.

    The row need not be public: this is for the people who edit it.
    """
    field = folders()[folder]
    options = field.model._meta
    permission = f"{options.app_label}.view_{options.model_name}"
    user = request.user
    may_see = user.is_authenticated and user.has_perm(permission)
    if not may_see or schema != connection.schema_name:
        raise Http404
    stored = f"{folder}/{name}"
    if not field.model._default_manager.filter(**{field.name: stored}).exists():
        raise Http404
    if is_film(stored):
        return film_response(request, stored)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    try:
        response = whole_file(stored, content_type=kind)
    except FileNotFoundError:
        if not is_waiting(stored):
            raise Http404 from None
        return not_yet(stored)
    response["Cache-Control"] = "private, no-store"
    return response


@cache
def folders() -> dict[str, models.FileField]:
    """Return the fields whose files the desk is given, by the folder in which these lie."""
    fields = (
        field
        for room in rooms()
        if room.tables is Tables.DISTRICT
        for model in room.get_models()
        for field in model._meta.concrete_fields
    )
    return {
        str(field.upload_to).rstrip("/"): field
        for field in fields
        if isinstance(field, models.FileField) and field.editable
    }
