"""Two web servers, two workers and two beats, each with a folder of its own, and files in S3.

What one of them does the others know: sessions, tokens, files, pages in memory, mails.
"""

import io
import json
import mailbox
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PIL import Image

from tests.deploy.machines import Machines, machines
from tests.deploy.visitors import Visitors
from tests.media.conftest import s3
from tests.media.s3 import S3Server
from tests.media.test_stack import KEEP
from tests.stack.running import ROOT, RunningStack, eventually
from tests.stack.test_page_cache import EMAIL, PASSWORD, TEAM, WEST, Desk

__all__ = ["s3"]  # fixture

pytestmark = pytest.mark.thorough
WEB = ("web-1", "web-2")


@pytest.fixture(scope="module")
def made(s3: S3Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    ledger = str(tmp_path_factory.mktemp("ledger"))
    with machines(
        WIQ_MEDIA_URL=s3.url("two"), WIQ_LEDGER=ledger, WIQ_DEMO_PASSWORD=PASSWORD
    ) as found:
        found.manage(ROOT, "prepare_stack", "--demo")
        for name in (*WEB, "worker-1", "worker-2", "beat-1", "beat-2"):
            found.start(name)
        yield found


def fetched(made: Machines, name: str, path: str, data: Any = None, **headers: str) -> bytes:
    """Ask one web server; with ``data``, change something by the API."""
    body = None if data is None else json.dumps(data).encode()
    sent = {"Host": WEST, "Content-Type": "application/json", **headers}
    url = f"http://127.0.0.1:{made.ports[name]}{path}"
    asked = urllib.request.Request(url, body, sent, method="PATCH" if body else "GET")
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return cast(bytes, answer.read())


def test_who_signs_in_at_one_is_signed_in_at_the_other_and_out_of_both(made: Machines) -> None:
    desk = Desk(cast(RunningStack, SimpleNamespace(port=made.ports["web-1"])))
    roots = [(f"http://127.0.0.1:{made.ports[n]}", f"{WEST}:{made.ports[n]}") for n in WEB]
    for desk.root, desk.host in roots:
        assert "desk-keys.js" in desk.get("/koordination/")
    desk.post("/anmelden/abmelden/")
    for desk.root, desk.host in roots:
        assert 'name="password"' in desk.get("/koordination/")


def test_a_page_in_the_memory_of_both_is_right_at_once_in_both(made: Machines) -> None:
    token = made.manage(ROOT, "create_api_token", "--district", "leipziger-westen", EMAIL)
    headers = {"Authorization": f"Bearer {token.splitlines()[-1]}"}
    path = f"/api/v1{TEAM.replace('loesungsteams', 'solution-teams')}"
    for turn in range(6):
        for name in (*WEB, *WEB):
            fetched(made, name, TEAM)
        fetched(made, WEB[turn % 2], path, {"place": f"Ort {turn}"}, **headers)
        for name in WEB:
            assert f"Ort {turn}" in fetched(made, name, TEAM).decode()


def test_a_file_that_one_keeps_is_shown_by_all(made: Machines, s3: S3Server) -> None:
    schema, kept = made.manage(ROOT, "shell", "--no-imports", "-c", KEEP).split()[-2:]
    assert f"two/{schema}/{kept}" in s3.listed("two/")
    for name in WEB:
        picture = fetched(made, name, "/medien/quartier/logo/160.webp")
        assert Image.open(io.BytesIO(picture)).format == "WEBP"
    assert not [path for name in WEB for path in (made.folder / name).rglob("*.jp*g")]


def confirmations(made: Machines, number: int) -> Counter[str]:
    """Return how often each visitor of a number was mailed."""
    box = mailbox.Maildir(made.owner["WIQ_MAIL_CATCHER"], create=False)
    found = [str(mail["To"]) for _key, mail in box.iteritems()]
    return Counter(to for to in found if f"rollt-{number}-" in to)


def test_each_mail_is_sent_once_by_whoever_is_left(made: Machines) -> None:
    asking = [Visitors(made.ports[name], 90, threads=0) for name in WEB]
    for turn in range(1, 7):
        asking[turn % 2]._post(turn)
    eventually(lambda: len(confirmations(made, 90)) == 6, 60, "six confirmations")
    for name in ("worker-1", "beat-1"):
        made.processes[name].kill()
        made.processes.pop(name).wait()
    for turn in range(7, 13):
        asking[turn % 2]._post(turn)
    # A mail that the killed worker held is free again after half a minute.
    eventually(lambda: len(confirmations(made, 90)) == 12, 90, "all twelve")
    time.sleep(2)
    assert set(confirmations(made, 90).values()) == {1}
    assert [each.failed for each in asking] == [[], []]
