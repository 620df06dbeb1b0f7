"""What ``run.py`` promises of starting, stopping and refusing."""

import os
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.prepared import prepared
from tests.stack.running import (
    OF_THE_TESTS,
    ROOT,
    RunningStack,
    eventually,
    free_port,
    lives,
    open_folder,
)

WEST = "leipziger-westen.localhost"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run run.py as a user does and wait for its end."""
    inherited = {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *arguments],
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_stack_shows_both_districts_and_says_it_is_ready(stack: RunningStack) -> None:
    assert stack.output.splitlines()[-1] == f"ready: http://localhost:{stack.port}/"
    assert "Leipziger Westen" in stack.get("/").text
    assert "Quentin Kügler" in stack.get("/menschen/", WEST).text
    assert "Quentin" not in stack.get("/menschen/", "leipziger-osten.localhost").text
    assert stack.get("/", "anderswo.localhost").status == 404
    answer = stack.get("/health/ready").json()
    parts = (
        "status",
        "database",
        "cache",
        "queue",
        "worker",
        "beat",
        "mail",
        "disk",
        "files",
        "backup",
        "backup_check",
        "erasures",
    )
    assert answer == dict.fromkeys(parts, "ok")


def test_a_request_by_api_becomes_two_mails_in_the_inbox(stack: RunningStack) -> None:
    answer = stack.send_request("api@reise.example")
    assert answer.status == 201
    reference = answer.json()["reference"]
    eventually(lambda: stack.get("/postfach/").text.count(reference) == 2, 15, "both mails")


@pytest.mark.thorough
def test_manage_works_on_the_running_stack(stack: RunningStack) -> None:
    email = "koordination@leipziger-westen.wiq.example"
    result = run("manage", "create_api_token", "--district", "leipziger-westen", email,
                 WIQ_STATE=str(stack.state))  # fmt: skip
    assert result.returncode == 0, result.stderr
    token = result.stdout.splitlines()[-1]
    inbox = stack.get("/api/v1/contact-requests/", WEST, Authorization=f"Bearer {token}")
    assert inbox.status == 200


def test_a_taken_port_or_folder_is_one_clear_line(stack: RunningStack, tmp_path: Path) -> None:
    for arguments, words in (
        (("--port", str(stack.port), "--state", str(tmp_path / "neu")), f"port {stack.port}"),
        (("--port", str(free_port()), "--state", str(stack.state)), "in use"),
        (("--port", "99999", "--state", str(tmp_path / "neu")), "port 99999"),
        (("--port", str(free_port()), "--state", "/proc/nowhere"), "not writable"),
    ):
        result = run("up", *arguments)
        assert result.returncode == 2
        lines = (result.stderr + result.stdout).strip().splitlines()
        assert len(lines) == 1
        assert words in lines[0]
    assert not (tmp_path / "neu").exists()


PRODUCTION = {"WIQ_ENV": "production", "WIQ_DOMAIN": "wiq.example", "SECRET_KEY": "k" * 50}
UNFIT = (
    ({"SENTRY_DSN": "https://key@errors.example/1"}, "sentry-sdk"),
    ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, "requirements/prod.txt"),
    (PRODUCTION | {"WIQ_DOMAIN": "localhost"}, "WIQ_DOMAIN"),
    (PRODUCTION | {"SECRET_KEY": "kurz"}, "SECRET_KEY"),
    (PRODUCTION | {"WIQ_DEBUG": "1"}, "WIQ_DEBUG"),
    (PRODUCTION | {"DATABASE_URL": "mysql://wiq:geheim@host/wiq"}, "DATABASE_URL"),
    ({"WIQ_ENV": "prod"}, "WIQ_ENV"),
    ({"DATABASE_URL": "geheim"}, "DATABASE_URL"),
    ({"REDIS_URL": "host:6379:geheim"}, "REDIS_URL"),
    ({"EMAIL_URL": "smtp://wer:geheim@host:port"}, "EMAIL_URL"),
    ({"WIQ_TRUSTED_PROXIES": "10.0.0.0/33"}, "WIQ_TRUSTED_PROXIES"),
    ({"WIQ_DB_POOL": "vier"}, "WIQ_DB_POOL"),
)


@pytest.mark.parametrize(("environment", "words"), UNFIT)
def test_unfit_settings_are_one_clear_line_and_leave_nothing(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    for call in (("up", "--port", str(free_port())), ("manage", "check")):
        result = run(*call, **environment, WIQ_STATE=str(tmp_path / "neu"))
        assert result.returncode == 2
        (line,) = (result.stderr + result.stdout).strip().splitlines()
        assert words in line
        assert "geheim" not in line
    assert not (tmp_path / "neu").exists()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"DATABASE_URL": "postgres://wiq:geheim@127.0.0.1:1/wiq"}, "the database can't be"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "Valkey can't be reached"),
    ],
)
@pytest.mark.thorough
def test_a_named_server_that_is_away_is_said_in_a_line_without_a_traceback(
    new: RunningStack, environment: dict[str, str], words: str
) -> None:
    result = run("up", "--port", str(free_port()), "--state", str(new.state), **environment)
    assert result.returncode == 2
    assert words in result.stderr + result.stdout
    for inside in ("Traceback", "geheim"):
        assert inside not in result.stderr + result.stdout


@pytest.fixture
def own() -> Iterator[RunningStack]:
    """A stack of one's own that starts for the second time."""
    with open_folder("wiq-own-") as folder:
        yield RunningStack(prepared(folder / "state"))


@pytest.fixture
def new() -> Iterator[RunningStack]:
    """A stack that never started."""
    with open_folder("wiq-new-") as folder:
        yield RunningStack(folder / "state")


@pytest.mark.thorough
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_with_status_0(own: RunningStack, number: int) -> None:
    own.start()
    processes = own.processes()
    assert len(processes) >= 7
    assert own.stop(number) == 0
    assert not any(map(lives, processes))


@pytest.mark.thorough
def test_after_kill_9_of_the_supervisor_nothing_is_left_and_nothing_lost(own: RunningStack) -> None:
    own.start()
    reference = own.send_request("kill@reise.example").json()["reference"]
    processes = own.processes()
    own.kill()
    eventually(lambda: not any(map(lives, processes)), 15, "no process left")
    own.start()
    eventually(lambda: own.get("/postfach/").text.count(reference) == 2, 130, "both mails")
    assert own.stop() == 0


@pytest.mark.thorough
def test_two_stacks_side_by_side_know_nothing_of_each_other(
    own: RunningStack, stack: RunningStack
) -> None:
    own.start()
    own.send_request("zwei@reise.example")
    eventually(lambda: "zwei@reise.example" in own.get("/postfach/").text, 15)
    assert "zwei@reise.example" not in stack.get("/postfach/").text
    assert own.stop() == 0
    assert stack.healthy()


@pytest.mark.thorough
def test_named_servers_are_used_and_only_the_rest_is_started(
    new: RunningStack, stack: RunningStack
) -> None:
    servers = stack.announced()
    new.environment |= {name: servers[name] for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}
    new.options = ("--no-demo",)
    new.start()
    words = [" ".join(process.cmdline()) for process in new.processes()]
    assert not [
        line for line in words if "postgres" in line or "valkey" in line or "catcher" in line
    ]
    assert "Leipziger Westen" in new.get("/").text
    assert new.get("/postfach/").status == 404
    assert new.stop() == 0
    assert stack.healthy()


@pytest.mark.thorough
def test_without_the_demo_there_is_the_platform_alone(new: RunningStack) -> None:
    new.options = ("--no-demo",)
    new.start()
    assert "Noch ist kein Quartier öffentlich" in new.get("/").text
    assert new.output.count("create_account EMAIL --platform") == 1
    assert "create_account" in new.get("/anmelden/").text
    made = new.manage_command("create_account", "erste@projektteam.example", "--platform")
    link = urllib.parse.urlsplit(made.splitlines()[-1]).path
    answer = new.post_form(link, "localhost", {"name": "Erste", "password": "ein ganzer Satz hier"})
    assert (answer.status, answer.headers["Location"]) == (302, "/anmelden/weiter/")
    assert "create_account" not in new.get("/anmelden/").text
    assert "project_team" not in new.get("/health/ready").json()
    assert new.stop() == 0
