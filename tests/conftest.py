"""Servers, databases and the fixed cast: two districts, made once a session.

The servers come from ``python3 run.py test``; every worker of pytest-xdist has a database and a
key prefix of its own on them.
"""

import gc
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.db import connections
from django.test import Client
from django.utils import translation
from django_redis import get_redis_connection

from tenants.provisioning import orders
from tests import databases, logins
from tests.cast import ACTOR, District, make_cast, project_team
from tests.scheduling import Together
from tests.stack.running import RunningStack, open_folder
from tests.watch import begin, refused
from wiq import signs, throttling
from wiq.accounts import services as accounts
from wiq.accounts.roles import Role
from wiq.erasures import ledger
from wiq.media import sandbox
from wiq.media.pictures import WAITING
from wiq.outages import VALKEY
from wiq.outbox.models import Mailbox


def pytest_configure(config: pytest.Config) -> None:
    if "WIQ_TEST_SERVERS" not in os.environ:
        pytest.exit("Please start the tests with: python3 run.py test", returncode=2)
    # Thousands of tests over the same modules: looking through those for garbage is a waste.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    # The workers inherit it.
    os.environ.setdefault("WIQ_SEED", str(secrets.randbelow(1_000_000)))
    begin()


@pytest.fixture(scope="session")
def seed() -> int:
    """What samples are drawn with: another one on each run, unless ``WIQ_SEED`` names one."""
    return int(os.environ["WIQ_SEED"])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"samples were drawn with WIQ_SEED={os.environ['WIQ_SEED']}")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what one worker does alone: the longest at the end leave a core without work."""
    alone = ("stack", "places")
    items.sort(key=lambda item: not any(one in getattr(item, "fixturenames", ()) for one in alone))


@pytest.fixture(scope="session", autouse=True)
def sandboxes_count_too() -> None:
    """Let the processes that know nothing of this one be measured, where coverage is asked for."""
    measured = {name: word for name, word in os.environ.items() if name.startswith("COVERAGE")}
    sandbox.ENVIRONMENT.update(measured)


@pytest.fixture(scope="session")
def stack() -> Iterator[RunningStack]:
    """One stack for all tests that only look at a running one."""
    with open_folder("Quartier Süd und Straße ") as folder:
        password = "ein Kennwort zum Probieren"
        running = RunningStack(folder / "state", WIQ_DEMO_PASSWORD=password).start()
        yield running
        running.stop()


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


@pytest.fixture(scope="session")
def django_db_setup(worker: str, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    """Give this worker a database that the owner migrated, filled by the login of web and worker."""
    name = f"test_{worker}"
    settings.PASSWORD_HASHERS = ["tests.cast.FewRounds"]
    # Every client of Django's loads the middleware anew, and WhiteNoise would list all static files
    # for each: more than half of what the suite took.
    settings.WHITENOISE_AUTOREFRESH = True
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    settings.WIQ_LEDGER = str(tmp_path_factory.mktemp("ledger"))
    for cache in caches.all(initialized_only=False):
        cache.key_prefix = f"{cache.key_prefix}-{name}"
    signs.PREFIX = f"{signs.PREFIX}{name}:"
    with django_db_blocker.unblock():
        databases.make(name)
        logins.become(logins.APP)
        make_cast()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def login_of_production(request: pytest.FixtureRequest) -> None:
    """Sign in as web and worker do; a test marked ``owner`` signs in as ``migrate_districts`` does.

    Neither is a superuser (docs/operating.md).
    """
    logins.become(logins.OWNER if request.node.get_closest_marker("owner") else logins.APP)


@pytest.fixture(autouse=True)
def every_statement_is_read() -> Iterator[None]:
    """Fail a test whose statements other engines would refuse, though nobody let it know."""
    refused.clear()
    yield
    assert not refused


def empty_caches() -> None:
    """Delete what this worker's caches and processes left in Valkey."""
    server = get_redis_connection("default")
    # Keys begin with the district's schema: a pattern of the cache would find only one's.
    ours = [f"{cache.key_prefix}:".encode() for cache in caches.all(initialized_only=False)]
    left = [key for key in server.scan_iter(count=1000) if any(each in key for each in ours)]
    server.delete(
        *left, *(signs.PREFIX + sign for sign in (signs.BEAT, signs.WORKER, signs.BACKUP))
    )


@pytest.fixture(autouse=True)
def real_mail_and_empty_caches(settings: Any) -> Iterator[None]:
    """Mail goes over SMTP to the catcher, not into a list; nothing is left from the last test."""
    settings.EMAIL_BACKEND = "wiq.mail.relay.Relay"
    ledger.path().unlink(missing_ok=True)
    empty_caches()
    # One that waited in vain for Valkey counted by itself, for all tests after it.
    throttling._local = throttling.LocalCount()
    VALKEY.note_answer()
    for folder in Path(settings.MEDIA_ROOT).glob(f"*/{WAITING}"):
        shutil.rmtree(folder)  # few pictures may wait
    translation.activate("de")
    yield
    connections["default"].set_schema_to_public()


@pytest.fixture
def uncounted(db: None) -> None:
    """No mailbox was written to: tests that commit leave what is counted for all districts."""
    Mailbox.objects.all().delete()


@pytest.fixture
def nord(uncounted: None) -> District:
    """The first district of the cast."""
    return District("nord")


@pytest.fixture
def sued(uncounted: None) -> District:
    """The second district of the cast."""
    return District("sued")


@pytest.fixture
def west(nord: District) -> District:
    """A district as provisioning leaves it, with a coordinator."""
    orders.run(orders.place(slug="westviertel", name="Westviertel", city="Leipzig", actor=ACTOR))
    made = District("westviertel")
    with made.inside():
        accounts.create_account(email="coordinator@westviertel.example", role=Role.COORDINATOR)
        accounts.create_account(email="editor@westviertel.example", role=Role.EDITOR)
    return made


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The tasks that are sent during the test, each with the schema it is for."""
    sent: list[tuple[str, str]] = []

    def send(name: str, headers: dict[str, str], **options: Any) -> None:
        sent.append((name, headers["_schema_name"]))

    monkeypatch.setattr(current_app, "send_task", send)
    return sent


@pytest.fixture
def no_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a mailbox get any number of mails, for tests of other limits."""
    for module in ("wiq.mail.services", "directory.following.services"):
        monkeypatch.setattr(f"{module}.spend", lambda address, budget: True)


@pytest.fixture
def no_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no mail come in, as where neither mailbox nor webhook is set up."""
    monkeypatch.setattr("wiq.inbound.mailboxes.is_open", lambda: False)


@pytest.fixture
def platform(uncounted: None) -> Client:
    """A visitor of the platform's own host."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def console(platform: Client) -> Client:
    """Somebody of the project team, signed in on the platform's host."""
    platform.force_login(project_team())
    return platform


@pytest.fixture
def maildir() -> Path:
    """The folder in which the mail catcher keeps what it accepted."""
    return Path(settings.WIQ_MAIL_CATCHER)
