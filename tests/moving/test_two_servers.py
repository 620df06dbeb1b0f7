"""A district goes from one installation to another, each with servers and a secret of its own."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import body
from tests.stack.running import RunningStack, eventually, open_folder

SLUG = "leipziger-westen"
HOST = f"{SLUG}.localhost"
EMAIL = "koordination@leipziger-westen.wiq.example"

PACK = """
import time
from tenants.districts.models import District
from tenants.moving.packing import pack
from wiq.outbox.models import Pointer
Pointer.objects.filter(state="pending").update(next_at="2099-01-01T00:00Z")
began = time.monotonic()
with open({path!r}, "wb") as target:
    pack(District.objects.get(slug={slug!r}), target)
print(time.monotonic() - began)
"""
UNPACK = """
import time
from tenants.districts import moves
from tenants.moving.unpacking import unpack
began = time.monotonic()
with open({path!r}, "rb") as source:
    district = unpack(source, actor="operator", slug="umgezogen")
print(time.monotonic() - began)
moves.publish_on_the_operators_word(district, actor="operator")
"""
SIGNED_IN = """
import json
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django_tenants.utils import tenant_context
from tenants.districts.models import District
from wiq.accounts import services
from wiq.accounts.models import User
from wiq.accounts.sessions import SessionStore
with tenant_context(District.objects.get(slug={slug!r})):
    user = User.objects.get(email={email!r})
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(json.dumps([f"{{settings.SESSION_COOKIE_NAME}}={{session.session_key}}", services.create_token(user)]))
"""
COUNTS = """
import json
from django_tenants.utils import tenant_context
from directory.contact.models import ContactRequest
from tenants.districts.models import District
from wiq.mail.models import Message
with tenant_context(District.objects.get(slug={slug!r})):
    print(json.dumps([ContactRequest.objects.count(), Message.objects.count()]))
"""


@pytest.fixture
def cells() -> Iterator[tuple[RunningStack, RunningStack]]:
    with open_folder("two servers ") as folder:
        both = (RunningStack(folder / "old"), RunningStack(folder / "new"))
        for one in both:
            one.start(180)
        yield both
        for one in both:
            one.stop()


def last_line(printed: str) -> Any:
    return json.loads(printed.strip().splitlines()[-1])


@pytest.mark.thorough
def test_what_opened_something_on_the_old_server_opens_it_on_the_new_one(
    cells: tuple[RunningStack, RunningStack], tmp_path: Path, record_property: Any
) -> None:
    old, new = cells
    sent = old.get("/api/v1/contact-requests/", HOST, body())
    assert sent.status == 201
    status = sent.json()["status_url"].partition(str(old.port))[2]
    cookie, token = last_line(old.manage(SIGNED_IN.format(slug=SLUG, email=EMAIL)))
    stream = tmp_path / "stream"
    out = last_line(old.manage(PACK.format(path=str(stream), slug=SLUG)))
    before = last_line(old.manage(COUNTS.format(slug=SLUG)))
    came = last_line(new.manage(UNPACK.format(path=str(stream))))
    record_property("bytes", stream.stat().st_size)
    record_property("seconds_out", out)
    record_property("seconds_in", came)

    host = "umgezogen.localhost"
    eventually(lambda: new.get("/", host).status == 200, 35, "the new host answers")
    assert last_line(new.manage(COUNTS.format(slug="umgezogen"))) == before
    assert new.get(status, host).status == 200
    signed_in = {"Cookie": cookie}
    assert old.get("/koordination/", HOST, **signed_in).status == 200
    assert new.get("/koordination/", host, **signed_in).status == 200
    bearer = {"Authorization": f"Bearer {token}"}
    assert new.get("/api/v1/contact-requests/", host, **bearer).json()["count"] == before[0]
    # The district of the same name that stands there knows neither.
    assert new.get("/koordination/", HOST, **signed_in).status == 302
    assert new.get("/api/v1/contact-requests/", HOST, **bearer).status == 401
