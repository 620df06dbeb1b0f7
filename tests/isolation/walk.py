"""The walk: every route, method and role over ordered pairs of districts, and what crossed."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.test import Client
from django_tenants.utils import schema_context, tenant_context

from tests.cast import project_team
from tests.isolation import headers
from tests.isolation.canaries import Found, found_in
from tests.isolation.plan import (
    FOREIGN_COOKIE,
    FOREIGN_COORDINATOR,
    FOREIGN_TOKEN,
    LOCAL_COORDINATOR,
    LOCAL_EDITOR,
    ROLES,
    TEAM,
    VISITOR,
    Call,
)  # fmt: skip
from tests.isolation.routes import ANYBODY, COORDINATION, DESK, PROJECT_TEAM, READING, Route
from tests.isolation.world import COORDINATOR, EDITOR, Place
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.sessions import SessionStore

ADMITTED = {
    ANYBODY: set(ROLES),
    DESK: {LOCAL_EDITOR, LOCAL_COORDINATOR},
    COORDINATION: {LOCAL_COORDINATOR},
    PROJECT_TEAM: {TEAM},
}
UNKNOWN_HOSTS = ("nirgendwo.localhost", "amsel.localhost.evil.example", "evil.example",
                 "127.0.0.1", "x.amsel.localhost", "_.localhost")  # fmt: skip
SEES = {LOCAL_EDITOR: {"o", "d"}, LOCAL_COORDINATOR: {"o", "d", "k", "r"}}


@dataclass(frozen=True)
class Finding:
    """Something that should not have come out, or gone in."""

    what: str
    role: str
    method: str
    address: str
    here: str
    other: str

    def __str__(self) -> str:
        return f"{self.what}: {self.role}, {self.method} {self.here}{self.address} ({self.other})"


@dataclass
class Walk:
    """Walks and counts; what it finds stands in ``findings``."""

    places: list[Place]
    team_headers: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    sent: int = 0

    def __post_init__(self) -> None:
        # One for all: each would read all static files anew.
        self.client = Client(raise_request_exception=False)
        self.signed_in = {
            (place.slug, role): _signed_in(place, email, role)
            for place in self.places
            for role, email in ((LOCAL_EDITOR, EDITOR), (LOCAL_COORDINATOR, COORDINATOR))
        }
        self.team_headers = _project_team()
        self.written: dict[str, int] = {}
        self.looked = True
        self.written_schemas()

    def send_all(self, calls: Iterable[Call]) -> None:
        """Send requests one after the other; what they find stands in ``findings``."""
        for call in calls:
            self.ask(call)

    def unknown_hosts(self) -> None:
        """Ask for hosts that belong to nobody: 404, and not a word about any district."""
        place = self.places[0]
        known = {word for each in self.places for word in (each.row.name, each.slug)}
        brought = self.signed_in[(place.slug, LOCAL_COORDINATOR)]
        for host in UNKNOWN_HOSTS:
            for address in ("/", "/menschen/", "/koordination/", "/api/v1/district/"):
                self.sent += 1
                response = self._send(host, brought, "GET", address, place)
                text = response.content.decode()
                wrong = []
                if response.status_code != 404:
                    wrong.append(f"an unknown host answers {response.status_code}")
                if found_in(text) or any(name in text for name in known):
                    wrong.append("an unknown host names a district")
                wrong += headers.missing_anywhere(response)
                self.findings += [
                    Finding(what, LOCAL_COORDINATOR, "GET", address, host, "") for what in wrong
                ]

    def ask(self, call: Call) -> None:
        """Send one request, look at what came of it, and undo it."""
        here, other, route, role = call.here, call.other, call.route, call.role
        method = call.method
        self.sent += 1
        wrong: list[str] = []
        changed: set[str] = set()
        may_write = method not in READING or route.rule.acts
        if may_write and not self.looked:
            self.written_schemas()  # what a request before wrote that nobody looked at
        with transaction.atomic():
            response = self._send(
                call.host, self._headers(here, other, role), method, call.address, other
            )
            if connection.schema_name != "public":  # type: ignore[attr-defined]
                wrong.append(f"the connection stayed in {connection.schema_name}")  # type: ignore[attr-defined]
                connection.set_schema_to_public()  # type: ignore[attr-defined]
            self.looked = may_write and response.status_code < 400
            if self.looked:
                changed = self.written_schemas()
            transaction.set_rollback(True)
        self.statuses[response.status_code] += 1
        crossed = found_in(_said(response, call.address)) - self._allowed(here, other, role, route)
        wrong += [f"canary {letter}{level} in the answer" for letter, level in sorted(crossed)]
        home = {"public", here.row.schema_name if here else "public"}
        if route.rule.acts and role == TEAM:
            home.add(other.row.schema_name)
        wrong += [f"wrote into {schema}" for schema in sorted(changed - home)]
        wrong += self._let_in(route, role, method, response.status_code)
        wrong += headers.missing(response, route, method, role == VISITOR)
        things = f"things of {other.slug}, {response.status_code}"
        self.findings += [
            Finding(what, role, method, call.address, call.host, things) for what in wrong
        ]

    def _let_in(self, route: Route, role: str, method: str, status: int) -> list[str]:
        who = route.rule.reads if method in READING else route.rule.writes
        if status < 300 and method != "OPTIONS" and role not in ADMITTED[who]:
            return [f"let in, only for: {who}"]
        return ["failed"] if status >= 500 and status != 503 else []

    def written_schemas(self) -> set[str]:
        """Return the schemas in which this transaction has written since the last look.

        What was undone counts as well.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT schemaname, sum(n_tup_ins + n_tup_upd + n_tup_del)"
                " FROM pg_stat_xact_user_tables GROUP BY 1"
            )
            now = {schema: int(count) for schema, count in cursor.fetchall()}
        changed = {schema for schema, count in now.items() if self.written.get(schema) != count}
        self.written = now
        return changed

    def _allowed(self, here: Place | None, other: Place, role: str, route: Route) -> Found:
        if here is None:
            # A file without personal data still holds drafts, for those who look after districts.
            acts = route.rule.acts and role == TEAM
            return {(other.letter, level) for level in ("o", "d")} if acts else set()
        levels = {"o"} | SEES.get(role, set())
        if route.rule.is_secret and here is other:
            levels |= {"k"}
        return {(here.letter, level) for level in levels}

    def _headers(self, here: Place | None, other: Place, role: str) -> dict[str, str]:
        cookie, token = "HTTP_COOKIE", "HTTP_AUTHORIZATION"
        abroad = self.signed_in[(other.slug, LOCAL_COORDINATOR)]
        if role in (LOCAL_EDITOR, LOCAL_COORDINATOR):
            return self.signed_in[((here or other).slug, role)]
        if role == FOREIGN_COORDINATOR:
            # All a browser brings along from next door, and what a proxy might be talked into.
            origin = f"http://{other.host}"
            return {cookie: abroad[cookie], "HTTP_ORIGIN": origin, "HTTP_REFERER": f"{origin}/",
                    "HTTP_X_FORWARDED_HOST": other.host}  # fmt: skip
        if role == TEAM:
            return self.team_headers
        if role == FOREIGN_TOKEN:
            return {token: abroad[token]}
        if role == FOREIGN_COOKIE:
            return {cookie: self.signed_in[(other.slug, LOCAL_EDITOR)][cookie]}
        return {}

    def _send(
        self, host: str, brought: dict[str, str], method: str, address: str, other: Place
    ) -> Any:
        client = self.client
        client.cookies.clear()
        path, _, query = address.partition("?")
        # Every request from another address, or the eleventh form in a minute would be refused.
        environ = {"REMOTE_ADDR": f"198.51.{self.sent // 250 % 250}.{self.sent % 250}",
                   "HTTP_HOST": host, "QUERY_STRING": query, "wsgi.url_scheme": "https", **brought}  # fmt: skip
        if method in READING:
            return client.generic(method, path, **environ)
        body = _typed(other)
        if path.startswith("/api/"):
            return client.generic(method, path, json.dumps(body), "application/json", **environ)
        if method == "POST":
            return client.post(path, body, **environ)
        return client.generic(method, path, **environ)


def _typed(other: Place) -> dict[str, Any]:
    """Return what one might type into any form here, with everything that names the other's things."""
    things = other.things
    return {
        "post": "yes", "action": "delete_selected", "_selected_action": things["pk:people.person"],
        "name": "Neu", "slug": "neu", "title": "Neu", "description": "Eine Bank am Kanal, bitte.",
        "email": "jemand@beispiel.example", "message": "Eine Bank am Kanal, bitte.",
        "team": things["team"][0], "solution_team": things["solution_team"][0],
        "person": things["person"][0], "state": "taken", "text": "Neues", "privacy_acknowledged": True,
        "abbreviation": "XY", "kind": "core", "was": "auskunft", "login": COORDINATOR,
        "password": "geraten", "topics": [], "date": "2024-05-02",
        "starts_at": "2026-12-09T18:00:00", "cancelled": True, "reason": "Frost",
    }  # fmt: skip


def _said(response: Any, address: str) -> str:
    """Return all that an answer says, without the parts of the address that it only repeats."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = content.decode("utf-8", "replace") + "\n".join(
        f"{name}: {value}" for name, value in response.items()
    )
    for part in sorted(re.split(r"[/?&=]", address), key=len, reverse=True):
        if found_in(part):
            for spelling in {part, quote(part), quote(quote(part))}:
                text = text.replace(spelling, "")
    return text


def _session_for(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _signed_in(place: Place, email: str, role: str) -> dict[str, str]:
    with tenant_context(place.row):
        cookie = _session_for(User.objects.get(email=email))
    return {"HTTP_COOKIE": cookie, "HTTP_AUTHORIZATION": f"Bearer {place.tokens[role]}"}


def _project_team() -> dict[str, str]:
    with schema_context("public"):
        user = project_team()
        token = accounts.create_token(user)
        return {"HTTP_COOKIE": _session_for(user), "HTTP_AUTHORIZATION": f"Bearer {token}"}
