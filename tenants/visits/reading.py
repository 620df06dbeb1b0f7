"""The district's log of what the project team reads during a visit: each page, in a sentence.

A row, a list, or a page of the desk. What was searched or filtered for is not kept: it may name a
resident.
"""

from typing import Any

from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from wiq.accounts.models import User
from wiq.actors import name_of
from wiq.audit import services as audit
from wiq.declared import Leaves, declared

# Words for scripts of the desk: nothing of the district stands in them.
WORDS = "jsi18n"


def note(visitor: User, request: HttpRequest, response: HttpResponseBase) -> None:
    """Record what a page of the desk has shown to a visitor."""
    match: Any = request.resolver_match
    if match is None or match.url_name == WORDS:
        return
    page = getattr(match.func, "model_admin", None)
    who = name_of(visitor)
    if page is None:
        audit.record_event(
            "support.page", None, actor=who, details={"page": _title(request, response)}
        )
        return
    if not _is_about_people(page.model):
        return
    number = match.kwargs.get("object_id")
    row = page.get_object(request, unquote(number)) if number else None
    if row is not None:
        audit.record_event("support.read", row, actor=who)
    else:
        with translation.override("de"):
            name = str(page.model._meta.verbose_name_plural)
        audit.record_event("support.listed", None, actor=who, details={"list": name})


def _is_about_people(model: Any) -> bool:
    """Tell whether rows of a model hold personal data, or nobody has said that they don't."""
    said = declared(model)
    return said is None or said.leaves != Leaves.ALWAYS or bool(said.personal or said.secrets)


def _title(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return what a page that is no row's is called."""
    context = getattr(response, "context_data", None) or {}
    return str(context.get("title") or request.path_info)[:200]
