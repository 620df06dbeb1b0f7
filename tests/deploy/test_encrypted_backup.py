"""The scripts of docs/howto/server.md: encrypted, without .env, and restored with erasures.

Real are age, PostgreSQL's programs, tar, the migrations and the ledger. In the place of Docker
stands a script that runs a command of a container here, against the test's own server.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.deploy.test_backup import program
from tests.stack.running import ROOT, open_folder
from wiq.embedded.postgres import OWNER, SUPERUSER, packaged_binaries
from wiq.embedded.stack import servers
from wiq.embedded.state import State

pytestmark = pytest.mark.thorough
DEPLOY = ROOT / "platform" / "deploy"
SECRET_KEY = "the platform's own secret key, which stands in .env"
DOCKER = """#!{python}
import os, sys
words, files = sys.argv[1:], {files!r}
if words[:4] == ["compose", "exec", "-T", "postgres"]:
    name, *rest = words[4:]
    program = {programs!r} + "/" + name
    os.execv(program, [program, "-h", {socket!r}, *rest])
if words[:4] == ["compose", "exec", "-T", "web"]:
    open("noted", "a").write(" ".join(words[4:]) + "\\n")
    sys.exit()
if words[0] == "run":
    command = words[words.index("busybox") + 1:]
    os.execvp("tar", [word.replace("/files", files) if word == "/files" else word for word in command])
assert words[:2] == ["compose", "up"], words
"""


@pytest.fixture(scope="session")
def age() -> str:
    """The program that encrypts, from its Debian package."""
    if shutil.which("age") is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "age"], capture_output=True)
    found = shutil.which("age")
    if found is None:
        pytest.skip("age is not here: apt-get install age")
    return found


class Machine:
    """A server with its files, its ledger and its .env, as compose would start it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.files, self.ledger = folder / "files", folder / "ledger"
        self.files.mkdir()
        (folder / "bin").mkdir()
        socket = unquote(urlsplit(url).hostname or "")
        docker = folder / "bin" / "docker"
        docker.write_text(DOCKER.format(
            python=sys.executable, files=str(self.files), socket=socket,
            programs=str(packaged_binaries() / "bin"),
        ))  # fmt: skip
        docker.chmod(0o755)
        (folder / ".env").write_text(f"SECRET_KEY={SECRET_KEY}\nOWNER_PASSWORD=owner-word-of-env\n")

    def script(self, name: str, *words: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(
            [str(DEPLOY / name), *words], cwd=self.folder, env={"PATH": path},
            capture_output=True, text=True,
        )  # fmt: skip

    def manage(self, *words: str) -> str:
        """Run a command as the service ``migrate`` does."""
        environment = os.environ | {
            "DATABASE_URL": self.url, "SECRET_KEY": SECRET_KEY, "WIQ_STATE": str(self.folder),
            "WIQ_LEDGER": str(self.ledger), "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words], env=environment, cwd=ROOT,
            capture_output=True, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def ready(self) -> str:
        """Return what the readiness page says of the erasures, with its status."""
        code = (
            "from django.test import Client\n"
            "answer = Client(headers={'host': 'localhost'}).get('/health/ready')\n"
            "print(answer.status_code, answer.json()['erasures'])"
        )
        return self.manage("shell", "--no-imports", "-c", code).strip()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """A platform with one district, an account that is to go, and a file."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    with open_folder("wiq-backup-") as folder, servers(State(folder), throwaway=True) as stack:
        monkeypatch.setenv("REDIS_URL", stack.environment["REDIS_URL"])
        made = Machine(tmp_path, stack.environment["DATABASE_URL"])
        made.manage("migrate_districts")
        made.manage("create_district", "nord", "--name", "Nord", "--city", "Leipzig")
        (made.files / "bild.jpg").write_bytes(b"a picture")
        yield made


def keys(folder: Path) -> Path:
    """Make a key as the guide says; the server gets its public half alone."""
    key = folder / "elsewhere" / "wiq-backup.key"
    key.parent.mkdir()
    subprocess.run(["age-keygen", "-o", str(key)], check=True, capture_output=True)
    public = subprocess.run(["age-keygen", "-y", str(key)], check=True, capture_output=True)
    (folder / "backup.recipients").write_bytes(public.stdout)
    return key


SUBSCRIBE = """
from directory.following.services import subscribe
from django_tenants.utils import tenant_context
from tenants.districts.models import District
with tenant_context(District.objects.get(slug="nord")):
    for name in ("erika", "otto"):
        subscribe(email=f"{name}@sicherung.example", solution_team=None, language="de")
"""


def test_a_backup_is_no_leak_and_brings_nobody_back(machine: Machine, age: str) -> None:
    folder = machine.folder
    refused = machine.script("backup", "backups")
    assert refused.returncode == 2
    assert "names nobody who can read it" in refused.stderr
    key = keys(folder)
    machine.manage("shell", "--no-imports", "-c", SUBSCRIBE)
    made = machine.script("backup", "backups")
    assert made.returncode == 0, made.stderr
    written = sorted((folder / "backups").iterdir())
    assert [one.name.split("-")[0] for one in written] == ["files", "roles", "wiq"]
    assert (folder / "noted").read_text() == "python manage.py note_backup\n"
    day = written[0].name.removeprefix("files-").removesuffix(".tgz.age")
    for one in written:
        assert one.read_bytes().startswith(b"age-encryption.org/v1")
        assert one.stat().st_mode & 0o777 == 0o600
        plain = subprocess.run([age, "-d", "-i", str(key), str(one)], capture_output=True).stdout
        assert plain
        for word in (b"owner-word-of-env", SECRET_KEY.encode(), b"erasures.jsonl"):
            assert word not in plain

    # Somebody asks to be forgotten; then the server is lost, and comes back from the backup.
    machine.manage("personal_data", "erase", "erika@sicherung.example", "--district", "nord")
    assert len((machine.ledger / "erasures.jsonl").read_text().splitlines()) >= 1
    administrator = machine.url.replace(f"//{OWNER}@", f"//{SUPERUSER}@")
    for words in ("DROP DATABASE wiq WITH (FORCE)", f"CREATE DATABASE wiq OWNER {OWNER}"):
        program("psql", administrator, "--quiet", "--dbname=postgres", "-c", words)
    (machine.files / "bild.jpg").unlink()
    wrong = machine.script("restore", "backups", day, "backup.recipients")
    assert wrong.returncode != 0
    restored = machine.script("restore", "backups", day, str(key))
    assert restored.returncode == 0, restored.stderr
    assert (machine.files / "bild.jpg").read_bytes() == b"a picture"

    show = ("personal_data", "show", "erika@sicherung.example", "--district", "nord")
    assert "erika@sicherung.example" in machine.manage(*show)
    assert machine.ready() == "503 failed: Restored"
    assert "done again" in machine.manage("migrate_districts")
    assert machine.ready().endswith("ok")
    assert "erika@sicherung.example" not in machine.manage(*show)
    assert "otto@sicherung.example" in machine.manage(
        "personal_data", "show", "otto@sicherung.example", "--district", "nord"
    )


def test_a_dump_that_breaks_off_leaves_no_half_backup(machine: Machine, age: str) -> None:
    keys(machine.folder)
    docker = machine.folder / "bin" / "docker"
    docker.write_text(
        docker.read_text().replace("name, *rest", "print('half'); sys.exit(1)\n    name, *rest")
    )
    made = machine.script("backup", "backups")
    assert made.returncode != 0
    assert list((machine.folder / "backups").iterdir()) == []
