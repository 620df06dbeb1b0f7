"""The stack: servers first, then the platform's own processes, supervised until the end."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wiq.embedded import backed_up, catcher
from wiq.embedded.children import Child, Nursery, Recipe, die_with_parent
from wiq.embedded.console import StopRequested, Unusable, say, step
from wiq.embedded.fingerprint import fingerprint
from wiq.embedded.postgres import Postgres
from wiq.embedded.state import State
from wiq.embedded.valkey import Valkey
from wiq.host_names import as_typed
from wiq.metrics import switch as metrics

ROOT = Path(__file__).resolve().parents[3]
RESTARTS, RESTART_WINDOW_SECONDS = 5, 60.0
# How long a child waits for its next start after so many.
PAUSE_SECONDS = 10.0
# A stop may take ten seconds in all.
STOP_SECONDS = 9.0
# Without it nobody reads anything, and whoever started the stack should know. All others may be
# missing for hours, for instance while the disk is full: readers get what web has in memory.
INDISPENSABLE = "web"
# The parts of the readiness page that a start waits for.
STARTED = ("database", "cache", "queue", "worker", "beat")


class Stack:
    """Everything that runs for one state folder."""

    def __init__(self, state: State, *, port: int = 8000, throwaway: bool = False) -> None:
        self.state = state
        self.port = port
        self.throwaway = throwaway
        self.nursery = Nursery(state.lock_descriptor())
        self.environment = self._base_environment()
        # Overrides for web and worker: on the embedded database, a login that owns nothing.
        self.app_environment: dict[str, str] = {}
        # What the readiness page says of districts whose migration failed.
        self._restarts: dict[str, list[float]] = {}
        # The children that ended, and when to start them again.
        self._ended: dict[str, tuple[Recipe, float]] = {}
        # Those that end again and again.
        self._restless: set[str] = set()
        self._mail_socket: socket.socket | None = None

    def _base_environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        # Four processes load the same modules at every start, so let them keep compiled ones.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment.setdefault("WIQ_ENV", "development")
        environment.setdefault("SECRET_KEY", self.state.kept("secret-key", 32))
        environment["WIQ_STATE"] = str(self.state.folder)
        environment["WIQ_PORT"] = str(self.port)
        environment["DJANGO_SETTINGS_MODULE"] = "wiq.settings"
        environment["PYTHONUNBUFFERED"] = "1"
        environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'platform'}"
        return environment

    @property
    def own_database(self) -> bool:
        """Tell whether the database is the embedded one (which has demo accounts)."""
        return "DATABASE_URL" not in os.environ

    def start_servers(self) -> None:
        """Start the servers that the environment does not name, and store their addresses."""
        sockets = self.state.make_socket_folder()
        # Empty at each start: numbers of processes that are gone would never leave it.
        self.environment[metrics.FOLDER] = str(sockets / "metrics")
        if self.own_database:
            postgres = Postgres(self.state, sockets, throwaway=self.throwaway)
            with step("PostgreSQL"):
                postgres.create()
                postgres.start(self.nursery)
            self.environment["DATABASE_URL"] = postgres.url
            self.app_environment["DATABASE_URL"] = postgres.app_url
            self.environment |= backed_up.environment(postgres.url)
        if "REDIS_URL" not in os.environ:
            valkey = Valkey(self.state, sockets)
            with step("Valkey"):
                valkey.start(self.nursery)
            self.environment["REDIS_URL"] = valkey.url

    def start_catcher(self) -> None:
        """Start the mail catcher if no mail server is named."""
        if "EMAIL_URL" in os.environ:
            return
        folder = self.state.folder / "mail"
        self._mail_socket = catcher.listening_socket()
        port = self._mail_socket.getsockname()[1]
        descriptor = self._mail_socket.fileno()
        self.environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        self.environment["WIQ_MAIL_CATCHER"] = str(folder)
        self.environment.setdefault("WIQ_INBOUND_AUTHSERV", catcher.NAME)
        domains = (self.environment.get(name) for name in ("WIQ_REPLY_DOMAIN", "WIQ_DOMAIN"))
        reply_domain = as_typed(next((name for name in domains if name), "localhost"))
        command = [sys.executable, "-m", "wiq.embedded.catcher"]
        command += [str(folder), str(descriptor), reply_domain]
        self._start("mail catcher", command, pass_fds=(descriptor,))

    def prepare(self, *arguments: str) -> None:
        """Migrate the database and, with ``--demo``, import the demo districts."""
        self.nursery.wait_for_end(self.begin_to_prepare(*arguments), 600)

    def begin_to_prepare(self, *arguments: str) -> Child:
        """Start the preparation without waiting for it."""
        command = [sys.executable, str(ROOT / "manage.py"), "prepare_stack", *arguments]
        return self._start("preparation", command)

    def is_prepared(self) -> bool:
        """Tell whether an earlier start has already migrated the database to this version."""
        try:
            known = (self.state.folder / "prepared").read_text(encoding="utf-8")
        except OSError:
            return False
        return known == fingerprint(ROOT, self.environment["DATABASE_URL"])

    def start_platform(self) -> None:
        """Start web and worker with beat, and wait until the platform says that all are ready."""
        python = sys.executable
        web = self._start(
            "web",
            [
                *(python, "-m", "wiq.web_alone"),
                *("--host", "127.0.0.1", "--port", str(self.port)),
            ],
            extra={"WIQ_DB_POOL": "4", **self.app_environment},
        )
        worker = self._start(
            "worker",
            [
                *(python, "-m", "wiq.background", "--beat", "wiq.beat_app"),
                *("-A", "wiq.celery_app", "worker", "--pool", "threads", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle"),
            ],
            extra=self.app_environment,
        )
        # The readiness page waits a second for a missing worker, so ask it only once there is one.
        self.nursery.wait_for(worker, lambda: " ready." in worker.last_lines(), 90)
        self.nursery.wait_for(web, self.answers, 90)

    def _start(
        self,
        name: str,
        command: list[str],
        *,
        pass_fds: tuple[int, ...] = (),
        extra: dict[str, str] | None = None,
    ) -> Child:
        log = self.state.log(name.replace(" ", "-"))
        environment = self.environment | (extra or {})
        return self.nursery.start(Recipe(name, command, environment, log, pass_fds=pass_fds))

    def answers(self) -> bool:
        """Ask the readiness page whether all that was started works.

        A mail server that refuses us, or a disk that is nearly full, holds up no start.
        """
        said = self._readiness()
        return all(said.get(part) == "ok" for part in STARTED)

    def to_do(self) -> list[str]:
        """Return what the readiness page asks the operator to do, although all parts work."""
        said = self._readiness()
        asked = []
        if "districts" in said:
            asked.append(f"Update of districts   {said['districts']}")
            asked.append(f"  they answer 503; the reason is in {self.state.log('preparation')}")
        if "project_team" in said:
            how = "python3 run.py manage create_account EMAIL --platform"
            asked.append(f"Nobody has an account yet: {how}")
        return asked

    def _readiness(self) -> dict[str, str]:
        """Return what the readiness page says; nothing if it does not answer."""
        host = self.environment.get("WIQ_DOMAIN", "localhost")
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asking.request("GET", "/health/ready", headers={"Host": host})
            said: dict[str, str] = json.loads(asking.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            asking.close()
        return said

    def watch(self) -> None:
        """Restart children that end by themselves, until asked to stop.

        Raises Unusable if web keeps ending; then the whole stack ends.
        """
        while not self.nursery.stopping:
            for child in list(self.nursery.children.values()):
                if not child.running() and not self.nursery.stopping:
                    self._note_end(child)
            self._start_those_due()
            time.sleep(0.1)

    def _note_end(self, child: Child) -> None:
        name = child.recipe.name
        now = time.monotonic()
        recent = [at for at in self._restarts.get(name, []) if now - at < RESTART_WINDOW_SECONDS]
        self._restarts[name] = [*recent, now]
        often = len(recent) >= RESTARTS
        if not often:
            say(f"{name} ended unexpectedly ({child.how_it_ended()}); its last lines:")
            say(child.last_lines(5))
        elif name == INDISPENSABLE:
            raise Unusable(f"{name} ended {RESTARTS + 1} times within a minute; giving up")
        elif name not in self._restless:
            self._restless.add(name)
            say(f"{name} keeps ending; it is started every {PAUSE_SECONDS:.0f} s from now on")
        # End its group first: PostgreSQL can't start while old backends hold its memory.
        self.nursery.forget(child)
        pause = PAUSE_SECONDS if often else 0.3 * (len(recent) + 1)
        self._ended[name] = (child.recipe, now + pause)

    def _start_those_due(self) -> None:
        for name, (recipe, due) in list(self._ended.items()):
            if time.monotonic() < due or self.nursery.stopping:
                continue
            del self._ended[name]
            self.nursery.start(recipe)
            if name not in self._restless:
                say(f"{name} started again")

    def stop(self) -> None:
        """Stop everything, the platform's processes before the servers they need."""
        self.nursery.stopping = True
        ends_at = time.monotonic() + STOP_SECONDS
        self.nursery.stop(["web", "worker", "preparation"], 5)
        self.nursery.stop(["mail catcher", "valkey"], 1.5)
        # What PostgreSQL can't write down now, its next start has to do again.
        self.nursery.stop(["postgresql"], max(2.5, ends_at - time.monotonic()))
        self.nursery.close()
        if self._mail_socket is not None:
            self._mail_socket.close()

    def run(self, command: list[str]) -> int:
        """Run one command against the servers, on this terminal; return its exit status."""
        process = subprocess.Popen(
            command, env=self.environment, preexec_fn=die_with_parent(signal.SIGTERM)
        )
        try:
            return process.wait()
        except (StopRequested, KeyboardInterrupt):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            process.kill()
            raise


@contextmanager
def servers(state: State, *, throwaway: bool = False) -> Iterator[Stack]:
    """Start the servers alone, for a command or the tests, and stop them after."""
    state.acquire()
    stack = Stack(state, throwaway=throwaway)
    try:
        stack.start_servers()
        yield stack
    finally:
        stack.stop()
        state.release()


__all__ = ["ROOT", "Stack", "StopRequested", "servers"]
