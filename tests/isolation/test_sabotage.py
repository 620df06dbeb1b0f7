"""The walk must notice: ten protections are taken away, one at a time, and each is named.

Each leak is what a slip in that one place would make of it; the others stay as they are.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django_tenants.files.storage import TenantFileSystemStorage
from django_tenants.utils import tenant_context
from knox.auth import TokenAuthentication

from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from directory.solutions.models import StateChange, Update
from directory.solutions.models.teams import SolutionTeamQuerySet
from tenants.districts import middleware
from tests.isolation import plan, routes
from tests.isolation.plan import FOREIGN_COOKIE, FOREIGN_TOKEN, VISITOR
from tests.isolation.probes import probe
from tests.isolation.test_walk import walk
from tests.isolation.walk import Walk
from wiq.accounts.sessions import SessionStore
from wiq.celery_app import DistrictTask

pytestmark = pytest.mark.thorough
__all__ = ["walk"]
Sabotage = Callable[[Walk, pytest.MonkeyPatch], None]


def short_walk(walk: Walk) -> list[str]:
    """Walk the routes of these leaks over all pairs, with every probe; return what is found."""
    chosen = [route for route in routes.routes(routes.DISTRICT) if route.path in WALKED]
    assert len(chosen) == len(WALKED)
    walk.findings.clear()
    walk.send_all(
        plan.district_calls(walk.places, chosen, [VISITOR, FOREIGN_TOKEN, FOREIGN_COOKIE])
    )
    walk.unknown_hosts()
    found = [str(finding) for finding in walk.findings]
    for here, other in plan.pairs(walk.places):
        if here is not other:
            found += probe(here, other)
    return found


WALKED = {
    "loesungsteams/", "neuigkeiten/feed/", "koordination/people/person/", "koordination/",
    "api/v1/contact-requests/", "kontakt/",
}  # fmt: skip


def no_cache_key_function(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(cache, "_backend", None, raising=False)
    target = cache._connections["default"]  # type: ignore[attr-defined]
    patch.setattr(target, "key_func", lambda key, prefix, version: f"{prefix}:{version}:{key}")


def no_middleware_reset(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(middleware.connection, "set_schema_to_public", lambda: None)


def no_task_guard(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(DistrictTask, "__call__", lambda self, *a, **k: self.run(*a, **k))


def no_storage_prefix(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TenantFileSystemStorage, "base_location", settings.MEDIA_ROOT)


def no_published_filter(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SolutionTeamQuerySet, "published", lambda self: self)


def sessions_of_all(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    load, exists = SessionStore.load, SessionStore.exists

    def anywhere(ask: Any) -> Any:
        def asked(self: SessionStore, *args: Any) -> Any:
            for place in walk.places:
                with tenant_context(place.row):
                    found = ask(self, *args)
                if found:
                    return found
            return ask(self, *args)

        return asked

    patch.setattr(SessionStore, "load", anywhere(load))
    patch.setattr(SessionStore, "exists", anywhere(exists))


def tokens_of_all(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    check = TokenAuthentication.authenticate_credentials

    def anywhere(self: TokenAuthentication, token: bytes) -> Any:
        for place in walk.places:
            try:
                with tenant_context(place.row):
                    return check(self, token)
            except Exception:
                continue
        return check(self, token)

    patch.setattr(TokenAuthentication, "authenticate_credentials", anywhere)


def no_host_check(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    answering = middleware.answering
    patch.setattr(middleware, "answering", lambda host: answering(host) or walk.places[0].row)


def no_feed_filter(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    for queryset in (type(Update.objects.all()), type(StateChange.objects.all())):
        patch.setattr(queryset, "public", lambda self: self)


def no_export_filter(walk: Walk, patch: pytest.MonkeyPatch) -> None:
    for model in (ContactRequest, Idea):
        patch.setattr(type(model.objects.all()), "from_address", lambda self, email: self)


LEAKS: dict[str, tuple[Sabotage, str]] = {
    "the cache key function": (no_cache_key_function, "cache: a value of the other district"),
    "the middleware's reset": (no_middleware_reset, "the connection stayed in d_"),
    "the task's guard": (no_task_guard, "task: tenants.lifecycle.tasks.tend ran in public"),
    "the storage's prefix": (no_storage_prefix, "storage: a file of the other district"),
    "the published filter": (no_published_filter, "canary ad in the answer: visitor, GET amsel.localhost/loesungsteams/"),
    "the session's schema": (sessions_of_all, "session: one of the other district"),
    "the token's district": (tokens_of_all, "let in, only for: coordination: token of the other"),
    "the host check": (no_host_check, "an unknown host answers 301"),
    "the feed's filter": (no_feed_filter, "canary ad in the answer: visitor, GET amsel.localhost/neuigkeiten/feed/"),
    "the export's filter": (no_export_filter, "export: what another resident wrote"),
}  # fmt: skip


def test_with_everything_in_place_the_short_walk_finds_nothing(walk: Walk) -> None:
    assert short_walk(walk) == []


@pytest.mark.parametrize("leak", LEAKS)
def test_a_protection_that_is_gone_is_noticed_and_named(
    walk: Walk, leak: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sabotage, named = LEAKS[leak]
    with monkeypatch.context() as patch:
        sabotage(walk, patch)
        found = short_walk(walk)
    assert any(named in line for line in found), found[:10]
