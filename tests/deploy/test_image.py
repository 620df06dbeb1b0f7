"""The image, really built from the Dockerfile and really run, without Docker.

Debian's buildah builds it over a fresh Debian, as the real base image is one. Needs root and apt.
What CI sees of it on each run is in test_copied.py.
"""

import http.client
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.exhaustive
BASE, IMAGE = "localhost/wiq-test-base", "localhost/wiq-test-platform"
PORT = 8000
ENVIRONMENT = {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}


def buildah(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(["buildah", *arguments], env=os.environ | ENVIRONMENT, text=True,
                            capture_output=True)  # fmt: skip
    assert not check or result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result


def install(*packages: str) -> None:
    """Install Debian packages that are missing; skip where that can't be done."""
    if all(shutil.which(package) for package in packages):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        pytest.skip("building the image needs root and apt, or buildah and debootstrap")
    subprocess.run(["apt-get", "-qq", "update"], check=True, capture_output=True)
    subprocess.run(["apt-get", "-qq", "install", "-y", *packages], check=True, capture_output=True)


def make_base(folder: Path) -> None:
    """Commit a small Debian under the name that takes the base image's place."""
    if os.geteuid() != 0:
        pytest.skip("building the image needs root")
    if buildah("images", "-q", BASE, check=False).stdout.strip():
        return
    include = "--include=python3,python3-venv,ca-certificates"
    command = ["debootstrap", "--variant=minbase", include, "bookworm", str(folder / "root")]
    subprocess.run(command, check=True, capture_output=True)
    container = buildah("from", "scratch").stdout.strip()
    buildah("add", "-q", container, str(folder / "root"), "/")
    buildah("commit", "-q", container, BASE)
    buildah("rm", container)
    shutil.rmtree(folder / "root")


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the image and return a container of it."""
    install("buildah", "debootstrap")
    make_base(tmp_path_factory.mktemp("base"))
    certificates = "/etc/ssl/certs:/etc/ssl/certs:ro"
    buildah("bud", "--network", "host", "-v", certificates, "--build-arg", f"PYTHON={BASE}",
            "-f", str(ROOT / "platform/deploy/Dockerfile"), "-t", IMAGE, str(ROOT))  # fmt: skip
    name = buildah("from", IMAGE).stdout.strip()
    yield name
    buildah("rm", name, check=False)
    buildah("rmi", IMAGE, check=False)


class Container:
    """Runs commands in the image, with a database of its own."""

    def __init__(self, name: str, database: str, sockets: str) -> None:
        self.name, self.database, self.sockets = name, database, sockets
        self.environment = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "WIQ_DOMAIN": "wiq.example",
            "REDIS_URL": os.environ["REDIS_URL"],
            "EMAIL_URL": os.environ["EMAIL_URL"],
            "WIQ_TRUSTED_PROXIES": "127.0.0.1",
        }

    def command(self, *words: str, login: str = "wiq", **changes: str) -> list[str]:
        """Return the command line that runs words in the image, as its own user."""
        host = self.sockets.replace("/", "%2F")
        url = f"postgres://{login}@{host}/{self.database}"
        values = self.environment | {"DATABASE_URL": url} | changes
        valkey = str(Path(urlsplit(self.environment["REDIS_URL"]).path).parent)
        mounts = {self.sockets, valkey}
        return ["buildah", "run", "--network", "host",
                *(f"--volume={path}:{path}" for path in sorted(mounts)),
                *(f"--env={name}={value}" for name, value in values.items()),
                self.name, "--", *words]  # fmt: skip

    def run(self, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*words, **changes), env=os.environ | ENVIRONMENT,
                              capture_output=True, text=True)  # fmt: skip


@pytest.fixture(scope="module")
def platform(container: str) -> Iterator[Container]:
    """A migrated database on the tests' server, and the container beside it."""
    host = unquote(urlsplit(os.environ["DATABASE_URL"]).hostname or "")
    name = "image_test"
    with psycopg.connect(host=host, user="wiq", dbname="wiq", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    # The image's user is none of those whom the sockets of these throwaway servers are for.
    valkey = Path(urlsplit(os.environ["REDIS_URL"]).path)
    for path in (Path(host), Path(host).parent, *Path(host).glob(".s.PGSQL*"), valkey):
        path.chmod(0o777)
    made = Container(container, name, host)
    migrated = made.run("python", "manage.py", "migrate_districts")
    assert migrated.returncode == 0, migrated.stderr
    yield made
    with psycopg.connect(host=host, user="wiq", dbname="wiq", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_the_image_holds_the_program_and_nothing_else(platform: Container) -> None:
    assert platform.run("id", "-u").stdout.strip() == "10001"
    listed = platform.run("find", "/srv/wiq", "-maxdepth", "1").stdout.split()
    names = {Path(line).name for line in listed}
    assert names - {"__pycache__"} == {"wiq", "manage.py", "LICENSE", "platform", "tenants", "directory", "api",
                     "staticfiles"}  # fmt: skip
    assert platform.run("touch", "/srv/wiq/x").returncode != 0
    assert "only-for-building" not in platform.run("env").stdout
    secret = platform.run("sh", "-c", "find / -name .env -o -name secret-key 2>/dev/null")
    assert secret.stdout == ""


def test_djangos_check_for_production_finds_nothing(platform: Container) -> None:
    result = platform.run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_unsafe_values_are_refused_by_name(platform: Container) -> None:
    for name, value in (("WIQ_DOMAIN", "localhost"), ("SECRET_KEY", "short"), ("WIQ_DEBUG", "1")):
        result = platform.run("python", "manage.py", "check", **{name: value})
        assert result.returncode != 0
        assert f"{name} is" in result.stderr


def ask(path: str, host: str = "wiq.example", **headers: str) -> tuple[int, Any, str]:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
    sent = {"Host": host, "X-Forwarded-Proto": "https"} | headers
    connection.request("GET", path, headers=sent)
    response = connection.getresponse()
    return response.status, response.headers, response.read().decode()


@pytest.fixture(scope="module")
def web(platform: Container) -> Iterator[None]:
    """The image's own command, signed in to the database as the login that owns nothing."""
    made = platform.run("python", "manage.py", "create_district", "nord", "--name", "Nord",
                        "--city", "Leipzig", "--publish")  # fmt: skip
    assert made.returncode == 0, made.stderr
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            pytest.skip(f"port {PORT} is taken")
    dockerfile = (ROOT / "platform/deploy/Dockerfile").read_text()
    words = re.findall(r'"([^"]+)"', dockerfile.partition("CMD [")[2])
    server = subprocess.Popen(platform.command(*words, login="wiq_app", WIQ_DB_POOL="2"),
                              env=os.environ | ENVIRONMENT, start_new_session=True)  # fmt: skip
    try:
        for _attempt in range(150):
            time.sleep(0.2)
            try:
                if ask("/health/live")[0] == 200:
                    break
            except OSError:
                continue
        else:
            raise AssertionError("the image's web server does not answer")
        yield
    finally:
        os.killpg(server.pid, 15)
        server.wait(20)


@pytest.mark.usefixtures("web")
def test_the_image_serves_a_district_over_tls_and_sends_everybody_else_there() -> None:
    status, headers, text = ask("/", "nord.wiq.example")
    assert (status, "Nord" in text) == (200, True)
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    style = re.search(r'href="(/static/web/wiq\.[0-9a-f]+\.css)"', text)
    assert style is not None
    status, headers, _text = ask(style[1], "nord.wiq.example")
    assert (status, "immutable" in headers["Cache-Control"]) == (200, True)
    plain = {"X-Forwarded-Proto": "http"}
    assert ask("/", "nord.wiq.example", **plain)[0] == 301
    assert ask("/health/live", **plain)[0] == 200
    assert ask("/", "sued.wiq.example")[0] == 404


@pytest.mark.usefixtures("web")
def test_certificates_are_for_known_hosts_alone() -> None:
    inside = {"X-Forwarded-Proto": "http"}
    for host, wanted in (("wiq.example", 200), ("nord.wiq.example", 200),
                         ("sued.wiq.example", 404), ("boese.example", 404), ("", 404)):  # fmt: skip
        assert ask(f"/intern/zertifikat/?domain={host}", **inside)[0] == wanted, host


@pytest.mark.usefixtures("web")
def test_the_containers_own_health_check_agrees(platform: Container) -> None:
    assert platform.run("python", "-m", "wiq.health_check").returncode == 0
