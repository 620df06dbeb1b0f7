"""Short names that changed: the old ones lead on for good (docs/decisions/0067-short-names.md).

A service that saves rows with a short name does it inside ``keeping``; the guarded fetches of the
rooms ask ``now_called`` where nothing bears a name; what they raise becomes a redirect here.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.people.models.short_names import FormerName
from wiq.database.locks import one_at_a_time
from wiq.tenancy import connection

# Django's rule for slugs (django.core.validators.slug_re), for addresses of pages and the API.
PATTERN = "[-a-zA-Z0-9_]+"
Row = TypeVar("Row", bound=models.Model)


class Renamed(Http404):
    """Something is called otherwise now; without the middleware it is simply not there."""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(old)
        self.old, self.new = old, new


@contextmanager
def keeping(instance: Any) -> Iterator[None]:
    """Save an object inside this block: the short name that it loses stays its own.

    Raises ValidationError for a name that another object had before: old links and posters lead
    to that one.
    """
    kind, before = instance._meta.label_lower, _stored_name(instance)
    if before == instance.slug:
        yield
        return
    # Of two who give and take the same name at the same moment, one waits for the other.
    one_at_a_time(f"{connection.schema_name} short names {kind}")
    others = FormerName.objects.filter(kind=kind, slug=instance.slug).exclude(row=instance.pk or 0)
    if others.exists():
        raise ValidationError({"slug": _taken(type(instance), others[0])})
    yield
    FormerName.objects.filter(kind=kind, slug=instance.slug).delete()
    if before:
        FormerName.objects.create(kind=kind, slug=before, row=instance.pk)


def check_free(model: type[models.Model], slugs: Collection[str]) -> None:
    """Refuse new objects the short names that others of their kind had before: in one statement.

    As ``keeping`` does for one. Raises ValidationError.
    """
    kind = model._meta.label_lower
    one_at_a_time(f"{connection.schema_name} short names {kind}")
    former = FormerName.objects.filter(kind=kind, slug__in=slugs).first()
    if former is not None:
        raise ValidationError({"slug": _taken(model, former)})


def _stored_name(instance: Any) -> str:
    if instance._state.adding:
        return ""
    rows = type(instance)._default_manager.filter(pk=instance.pk)
    return rows.values_list("slug", flat=True).first() or ""


def _taken(model: Any, former: FormerName) -> str:
    owner = model._default_manager.filter(pk=former.row).first()
    return _(
        "So hieß früher: %s. Alte Links und Aushänge führen noch dorthin. Bitte wählen Sie einen anderen Kurznamen."
    ) % (owner or former.slug)


def forget(instance: models.Model) -> None:
    """Give the former names of an object free that is being deleted."""
    FormerName.objects.filter(kind=instance._meta.label_lower, row=instance.pk).delete()


def once_called(rows: models.QuerySet[Row], slug: str) -> Row | None:
    """Return the row among ``rows`` that had this short name before, if there is one."""
    if not slug or "\x00" in slug:
        return None
    former = FormerName.objects.filter(kind=rows.model._meta.label_lower, slug=slug)
    number = former.values_list("row", flat=True).first()
    return rows.filter(pk=number).first() if number is not None else None


def lead_on(rows: models.QuerySet[Any], *slugs: str) -> None:
    """Raise Renamed for the first of these names that one of the rows had before."""
    for slug in slugs:
        found = once_called(rows, slug)
        if found is not None:
            raise Renamed(slug, found.slug)


def lead_on_to(found: Any, slug: str) -> None:
    """Raise Renamed if a row was found by a short name that it no longer has."""
    if slug and found.slug != slug:
        raise Renamed(slug, found.slug)


def all_former(model: type[models.Model]) -> set[str]:
    """Return the short names that objects of a model had before."""
    rows = FormerName.objects.filter(kind=model._meta.label_lower)
    return set(rows.values_list("slug", flat=True))


def redirect(request: HttpRequest, renamed: Renamed) -> HttpResponseBase:
    """Return the permanent redirect (RFC 9110, 15.4.2) to the same address with the new name.

    It replaces the name in the path or, if it does not stand there, in the query.
    """
    match = request.resolver_match
    assert match is not None
    kwargs = {key: _new(value, renamed) for key, value in match.kwargs.items()}
    query = request.GET.copy()
    path = request.path
    if kwargs != match.kwargs:
        path = reverse(match.view_name, kwargs=kwargs)
    else:
        for key, values in request.GET.lists():
            query.setlist(key, [_new(value, renamed) for value in values])
    target = f"{path}?{query.urlencode()}" if query else path
    return HttpResponsePermanentRedirect(target)


def _new(value: Any, renamed: Renamed) -> Any:
    return renamed.new if value == renamed.old else value


class RenamedMiddleware:
    """Lead on from addresses with a former short name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Answer with the redirect where a fetch found that something was renamed."""
        return redirect(request, exception) if isinstance(exception, Renamed) else None
