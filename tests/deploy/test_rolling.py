"""Web servers and workers are replaced one after the other, and no visitor notices it.

A sample of what `python -m bench.rolling` does with two versions of the code and 10,000 requests.
"""

import json
import signal
import threading
import time
from collections.abc import Iterator

import psutil
import psycopg
import pytest

from tests.deploy.machines import Machines, machines
from tests.deploy.proxies import both
from tests.deploy.visitors import Visitors
from tests.stack.running import ROOT, eventually

pytestmark = pytest.mark.thorough
KEPT = """
import json
from django_tenants.utils import tenant_context
from directory.contact.models import ContactRequest
from tenants.districts.models import District
found = []
for district in District.objects.all():
    with tenant_context(district):
        found += ContactRequest.objects.filter(email__endswith="@wechsel.example").values_list(
            "reference", flat=True)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def made() -> Iterator[Machines]:
    """Two web servers and a worker on one database."""
    with machines() as found:
        found.manage(ROOT, "prepare_stack", "--demo")
        for name in ("web-1", "web-2", "worker-1"):
            found.start(name)
        yield found


def test_nobody_notices_that_both_web_servers_are_replaced(made: Machines) -> None:
    web = ("web-1", "web-2")
    with both([made.ports[name] for name in web], made.folder) as ports:
        asking = [Visitors(port, 50 + n) for n, port in enumerate(ports.values())]
        for each in asking:
            each.start()
        for name in web:
            made.roll(name, ROOT)
        for each in asking:
            each.stop()
    for each in asking:
        assert each.failed == []
        assert each.answers["GET"] > 50
    told = sorted(reference for each in asking for reference in each.references)
    assert told
    shell = ("shell", "--no-imports", "-c", KEPT)
    assert sorted(json.loads(made.manage(ROOT, *shell))) == told


def test_a_web_server_that_leaves_says_so_and_still_answers(made: Machines) -> None:
    leaving = made.processes["web-1"]
    leaving.send_signal(signal.SIGTERM)
    eventually(lambda: not made.is_ready("web-1"), 3, "says that it leaves")
    asking = Visitors(made.ports["web-1"], 60)
    for turn in range(1, 4):
        asking._get(turn)
        asking._post(turn)
    assert (asking.failed, len(asking.references)) == ([], 3)
    assert leaving.wait(20) == 0
    made.start("web-1")


def test_a_reload_replaces_the_process_behind_the_port(made: Machines) -> None:
    server = made.processes["web-2"]
    [before] = psutil.Process(server.pid).children()
    asking = Visitors(made.ports["web-2"], 70, threads=1)
    asking.start()
    server.send_signal(signal.SIGHUP)
    eventually(lambda: not before.is_running(), 40, "the old process ends")
    time.sleep(0.5)
    asking.stop()
    assert asking.failed == []
    assert len(psutil.Process(server.pid).children()) == 1


def test_who_asks_for_a_district_before_its_turn_waits_and_is_answered(made: Machines) -> None:
    made.stop("web-1")
    record = "django_migrations WHERE app = 'people' AND name LIKE '0001%'"
    with psycopg.connect(made.owner["DATABASE_URL"], autocommit=True) as owner:
        asked = "SELECT schema_name FROM districts_district WHERE slug = 'leipziger-westen'"
        [schema] = owner.execute(asked).fetchone() or ("",)
        owner.execute(f'DELETE FROM "{schema}".{record}')
        made.start("web-1")
        late, other = (Visitors(made.ports["web-1"], 80 + n, threads=0) for n in range(2))
        waiting = threading.Thread(target=late._post, args=(2,))  # Leipziger Westen
        began = time.monotonic()
        waiting.start()
        other._get(1)  # Leipziger Osten
        assert time.monotonic() - began < 10
        time.sleep(2)
        assert waiting.is_alive()
        owner.execute(
            f'INSERT INTO "{schema}".django_migrations (app, name, applied) VALUES'
            " ('people', '0001_initial', now())"
        )
        waiting.join(20)
    assert (late.failed, other.failed, len(late.references)) == ([], [], 1)
