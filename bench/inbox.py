"""The desk with 20 and with 20,000 requests: how long its pages take, side by side.

    python3 run.py test --collect-only -q   (once: installs what this needs)
    .venv/bin/python -m bench.inbox

Starts a stack of its own; writes the rows past the services, as after years.
"""

import json
import time
from typing import Any

from bench.main_job import summary
from tests.stack.running import RunningStack, open_folder

HOST = "leipziger-westen.localhost"
SIZES = (20, 20_000)
PAGES = {
    "today": "/koordination/",
    "inbox": "/koordination/posteingang/",
    "done, page 200": "/koordination/posteingang/?sicht=erledigt&seite=200",
    "search, finds most": "/koordination/posteingang/?q=bank",
    "search, finds few": "/koordination/posteingang/?q=selten",
    "search, a number": "/koordination/posteingang/?q=0341%20123456",
    "letter": "/koordination/posteingang/{reference}/",
}
FILL = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from django.db import connection
from django_tenants.utils import tenant_context
from directory.conversations.models import Conversation
from tenants.districts.models import District
from tests.desk.test_inbox import many
from wiq.accounts.models import User
from wiq.accounts.sessions import SessionStore
with tenant_context(District.objects.get(slug="leipziger-westen")):
    many(%d)
    user = User.objects.filter(role="coordinator").first()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    reference = Conversation.objects.filter(turn="ours").latest("pk").reference
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE")
print(session.session_key, reference)
"""


def latencies(stack: RunningStack, session: str, reference: str, count: int) -> dict[str, Any]:
    """Return the times of each page."""
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        times = []
        for _number in range(count):
            began = time.perf_counter()
            answer = stack.get(path.format(reference=reference), HOST, Cookie=f"session={session}")
            times.append(time.perf_counter() - began)
            assert answer.status == 200, (name, answer.status)
        found[name] = summary(times[3:])
    return found


def main() -> None:
    """Measure both sizes on the same stack, and print them."""
    found = {}
    with open_folder("wiq-inbox-") as folder:
        stack = RunningStack(folder / "state").start()
        try:
            for size in SIZES:
                session, reference = stack.manage(FILL % size).splitlines()[-1].split()
                found[size] = latencies(stack, session, reference, 43)
        finally:
            stack.stop()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
