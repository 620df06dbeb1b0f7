"""Two installations as two operators have them, and what is asked of both from outside."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.cast import body
from tests.stack.running import Answer, RunningStack

MAKE = """
from tenants.districts import moves
from tenants.transfer.services import SEEDS, import_district
for number in range({first}, {first} + {count}):
    made = import_district(SEEDS / "leipziger-westen", slug=f"viertel-{{number:02}}")
    moves.publish_on_the_operators_word(made, actor="test")
"""
SIGNED_IN = """
import json
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django_tenants.utils import tenant_context
from tenants.districts.models import District
from wiq.accounts import services
from wiq.accounts.sessions import SessionStore
with tenant_context(District.objects.get(slug={slug!r})):
    user = services.create_account(email="anna@viertel.example", role="coordinator",
                                   password="ein langes Kennwort")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    token = services.create_token(user)
    TOTP.activate(user, {seed!r})
    print(json.dumps([f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}", token]))
"""
SECOND_STEP = """
import json
from allauth.mfa.models import Authenticator
from django_tenants.utils import tenant_context
from tenants.districts.models import District
with tenant_context(District.objects.get(slug={slug!r})):
    factor = Authenticator.objects.get(user__email="anna@viertel.example", type="totp").wrap()
    print(json.dumps([factor.validate_code("000000"), factor.validate_code({code!r})] == [False, True]))
"""
# Which requests came, by what they say, and how many mails each has led to.
HELD = """
import json
from django_tenants.utils import tenant_context
from directory.contact.models import ContactRequest
from tenants.districts.models import District
from wiq.mail.models import Message
with tenant_context(District.objects.get(slug={slug!r})):
    print(json.dumps([list(ContactRequest.objects.values_list("message", flat=True)),
                      Message.objects.count()]))
"""
LEFT_BEHIND = """
import json
from django.db import connection
from tenants.districts.models import District
from tenants.moving import rows
from tenants.provisioning.models import Unfinished
there = set(District.objects.values_list("pk", flat=True))
with connection.cursor() as cursor:
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^d_[0-9a-f]{16}$'")
    schemas = {name for (name,) in cursor.fetchall()}
known = set(District.objects.values_list("schema_name", flat=True))
of_nobody = {
    model._meta.label: model.objects.exclude(**{f"{rows.number_of(model)}__in": there})
        .exclude(**{rows.number_of(model): None}).count()
    for model in rows.numbered() if rows.data_of(model).moves_along
}
from wiq.media.storage import district_files
print(json.dumps([sorted(schemas - known), Unfinished.objects.count(),
                  {name: count for name, count in of_nobody.items() if count},
                  sorted(district_files().districts() - known)]))
"""


def last_line(printed: str) -> Any:
    return json.loads(printed.strip().splitlines()[-1])


def url(stack: RunningStack) -> str:
    """Return an installation's address, as its operator would type it."""
    return f"http://localhost:{stack.port}"


def agree(source: RunningStack, target: RunningStack, slug: str) -> None:
    """Let the target's operator agree, and the source's one know the word for it."""
    said = target.manage_command("accept_district", slug, "--from", url(source))
    source.environment["WIQ_MOVE_TOKEN"] = said.strip().splitlines()[-1]


def move(source: RunningStack, target: RunningStack, slug: str) -> None:
    agree(source, target, slug)
    source.manage_command("move_district", slug, "--to", url(target))


def ask(stacks: list[RunningStack], first: RunningStack, slug: str, path: str, data: Any = None,
        **headers: str) -> Answer:  # fmt: skip
    """Ask an address at one installation, and follow to where it leads, as programs do."""
    stack = first
    for _hop in range(4):
        answer = stack.get(path, f"{slug}.localhost", data, **headers)
        if answer.status != 307:
            return answer
        place = urlsplit(answer.headers["Location"])
        assert place.hostname == f"{slug}.localhost"
        stack = next(one for one in stacks if one.port == place.port)
    raise AssertionError(f"{slug} leads in a circle")


def serving(stacks: list[RunningStack], slug: str) -> list[RunningStack]:
    """Return the installations that answer for a district themselves, and take what is sent."""
    found = []
    for stack in stacks:
        host, sign = f"{slug}.localhost", uuid4().hex
        # The same words twice would be taken for one message.
        sent = body(message=f"Guten Tag, {sign}.", email=f"{sign}@beispiel.example")
        shown = stack.get("/kontakt/", host).status
        if shown == 200 and stack.get("/api/v1/contact-requests/", host, sent).status == 201:
            found.append(stack)
    return found


@dataclass
class Visitors:
    """What came of reading and posting all the time, by answer."""

    read: list[int] = field(default_factory=list)
    posted: dict[str, int] = field(default_factory=dict)
    longest: dict[str, float] = field(default_factory=dict)


@contextmanager
def visited(
    stacks: list[RunningStack], first: RunningStack, slugs: list[str], pause: float = 0.05
) -> Iterator[Visitors]:
    """Read pages of districts and send them requests, each with words of its own."""
    over, seen = threading.Event(), Visitors()

    def timed(kind: str, *words: Any) -> Answer:
        began = time.monotonic()
        answer = ask(stacks, first, *words)
        seen.longest[kind] = max(seen.longest.get(kind, 0.0), time.monotonic() - began)
        return answer

    def read() -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            slug = slugs[turn % len(slugs)]
            seen.read.append(timed("read", slug, f"/menschen/?n={turn}").status)
            time.sleep(pause)

    def post() -> None:
        turn = 0
        while not over.is_set():
            turn += 1
            slug = slugs[turn % len(slugs)]
            words = f"Guten Tag, dies ist die Nachricht {turn} an {slug}."
            sent = body(message=words, email=f"erika{turn}@beispiel.example")
            answer = timed("post", slug, "/api/v1/contact-requests/", sent)
            seen.posted[words] = answer.status
            time.sleep(pause)

    threads = [threading.Thread(target=read), threading.Thread(target=post)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()
