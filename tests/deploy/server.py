"""A server as compose file, Dockerfile and guide describe it, run from the same files without Docker.

PostgreSQL is made by the same script and asks for passwords; the program is what the Dockerfile
copies; commands and environment are those of the compose file. A small proxy stands in for Caddy:
it speaks TLS and says where a request came from.
"""

import contextlib
import datetime
import itertools
import json
import os
import pwd
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.deploy.machines import kill_with_children
from tests.stack.running import ROOT, eventually, free_port
from wiq.embedded import catcher
from wiq.embedded.postgres import reachable_binaries, server_user
from wiq.embedded.valkey import binary as valkey_binary

DOMAIN = "wiq.example"
# Folders that only some services have.
PLACES = ("WIQ_BACKUPS", "WIQ_SCRATCH")


class Server:
    """Everything that the compose file starts."""

    def __init__(self, program: Path, config: dict[str, Any], folder: Path) -> None:
        self.program, self.folder = program, folder
        self.services = config["services"]
        self.database_port, self.queue_port = free_port(), free_port()
        self.web_ports = {name: free_port() for name in self.services if name.startswith("web")}
        self.mail = folder / "mail"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.stack = contextlib.ExitStack()
        self._smtp = catcher.listening_socket()

    def environment(self, service: str) -> dict[str, str]:
        """Return a service's environment, with the addresses that its servers have here."""
        found = {name: str(word) for name, word in self.services[service]["environment"].items()}
        mail_port = self._smtp.getsockname()[1]
        for name, theirs, ours in (
            ("DATABASE_URL", "@postgres/", f"@127.0.0.1:{self.database_port}/"),
            ("REDIS_URL", "valkey:6379", f"127.0.0.1:{self.queue_port}"),
            ("EMAIL_URL", "catcher:1025", f"127.0.0.1:{mail_port}"),
        ):
            assert theirs in found[name]
            found[name] = found[name].replace(theirs, ours)
        found |= {name: str(self.place(name)) for name in PLACES if name in found}
        packages = next(path for path in sys.path if path.endswith("site-packages"))
        return found | {
            "WIQ_TRUSTED_PROXIES": "127.0.0.1",
            "WIQ_ENV": "production",
            "WIQ_LEAVE_SECONDS": "1",
            "WIQ_STATE": str(self.folder / "files"),
            "WIQ_LEDGER": str(self.folder / "ledger"),
            "DJANGO_SETTINGS_MODULE": "wiq.settings",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": f"{self.program}:{self.program / 'platform'}:{packages}",
            "PYTHONUNBUFFERED": "1",
        }

    def place(self, setting: str) -> Path:
        """Return where a folder of the containers is here."""
        return self.folder / setting.lower()

    def run(self, service: str, words: list[str]) -> str:
        """Do what ``docker compose run --rm SERVICE WORDS`` does; return its output."""
        assert words[0] == "python"
        ran = subprocess.run(
            [sys.executable, "-S", *words[1:]], env=self.environment(service), cwd=self.program,
            capture_output=True, text=True,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self, web: list[str] | None = None) -> None:
        """Do what ``docker compose up -d --build`` does, in the order of the file.

        ``web`` is the command of web where it is not the image's own.
        """
        self.folder.joinpath("files").mkdir()
        self._start_postgres()
        password = str(self.services["valkey"]["environment"]["VALKEYCLI_AUTH"])
        assert password in self.services["valkey"]["command"]
        self._start([str(valkey_binary()), "--port", str(self.queue_port), "--bind", "127.0.0.1",
                     "--save", "", "--dir", str(self.folder), "--requirepass", password],
                    {})  # fmt: skip
        descriptor = self._smtp.fileno()
        catch = [sys.executable, "-m", "wiq.embedded.catcher", str(self.mail), str(descriptor)]
        self._start([*catch, DOMAIN], dict(os.environ), pass_fds=(descriptor,))
        self.run("web", ["python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0"])
        eventually(lambda: reaches(self.queue_port), 10, "Valkey")
        for service in ("migrate", "districts"):
            self.run(service, self.services[service]["command"])
        for service in ("worker", "worker2", "beat"):
            self._start_service(service, self.services[service]["command"])
        words = web or image_command()
        for service, port in self.web_ports.items():
            self._start_service(service, [word.replace("8000", str(port)) for word in words])
        for service, port in self.web_ports.items():
            eventually(lambda port=port: reaches(port), 30, service)

    def _start_postgres(self) -> None:
        user = server_user()
        data, programs = self.folder / "database", reachable_binaries() / "bin"
        data.mkdir()
        secret = self.folder / "password"
        given = self.services["postgres"]["environment"]
        secret.write_text(given["POSTGRES_PASSWORD"])
        if user is not None:
            for path in (data, secret):
                os.chown(path, user, pwd.getpwuid(user).pw_gid)
        options = given["POSTGRES_INITDB_ARGS"].split()
        where = {"user": user, "group": None if user is None else pwd.getpwuid(user).pw_gid}
        subprocess.run(
            [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth-local=trust",
             "--auth-host=scram-sha-256", f"--pwfile={secret}", *options],
            check=True, capture_output=True, cwd="/", **where,
        )  # fmt: skip
        sockets = self.folder / "sockets"
        sockets.mkdir(mode=0o777)
        sockets.chmod(0o777)
        self._start(
            [str(programs / "postgres"), "-D", str(data), "-k", str(sockets), "-c", "fsync=off",
             "-p", str(self.database_port), "-c", "listen_addresses=127.0.0.1"],
            {"PATH": os.environ["PATH"]}, **where,
        )  # fmt: skip
        eventually(lambda: reaches(self.database_port), 30, "PostgreSQL")
        script = ROOT / "platform/deploy/postgres/10-logins.sh"
        made = {"POSTGRES_USER": "postgres", "POSTGRES_DB": "postgres", "PGHOST": str(sockets),
                "PGPORT": str(self.database_port), "PATH": f"{programs}:{os.environ['PATH']}"}  # fmt: skip
        eventually(lambda: not subprocess.run(["sh", str(script)], env=given | made).returncode, 20,
                   "10-logins.sh")  # fmt: skip

    def start_more(self, service: str) -> None:
        """Do what ``docker compose up -d --no-deps SERVICE`` does."""
        self._start_service(service, self.services[service]["command"])

    def _start_service(self, service: str, command: list[str]) -> None:
        words = ["-m", "celery", *command[1:]] if command[0] == "celery" else command[1:]
        self._start([sys.executable, "-S", *words], self.environment(service))

    def _start(self, command: list[str], environment: dict[str, str], **where: Any) -> None:
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        cwd = where.pop("cwd", "/" if "user" in where else self.program)
        self.processes.append(
            subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=cwd, **where)
        )

    def stop(self) -> None:
        """Stop all, the last started first."""
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                kill_with_children(process)
        self._smtp.close()


def image_command() -> list[str]:
    """Return what the image starts by itself."""
    dockerfile = (ROOT / "platform/deploy/Dockerfile").read_text()
    found = re.findall(r"^CMD (\[.*?\])$", dockerfile, re.M | re.S)[0]
    words: list[str] = json.loads(found.replace("\\\n", ""))
    return words


def reaches(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def filled_env(folder: Path) -> Path:
    """Return ``.env`` as the guide asks for it: the example, filled in."""
    env = folder / ".env"
    shutil.copy(ROOT / "platform" / "deploy" / "env.example", env)
    text = env.read_text().replace("WIQ_DOMAIN=wiq.example.org", f"WIQ_DOMAIN={DOMAIN}")
    for name in ("SECRET_KEY", "OWNER_PASSWORD", "APP_PASSWORD", "VALKEY_PASSWORD"):
        text = re.sub(rf"^{name}=$", f"{name}={secrets.token_urlsafe(48)}", text, flags=re.M)
    env.write_text(re.sub(r"^EMAIL_URL=$", "EMAIL_URL=smtp://catcher:1025", text, flags=re.M))
    return env


def certificate(folder: Path) -> Path:
    """Return a file with a key and a certificate of its own for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, DOMAIN)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )  # fmt: skip
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextlib.contextmanager
def proxied(server: Server) -> Iterator[int]:
    """Speak TLS in front of the web servers in turn, as Caddy does; yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(server.folder))
    web_ports = itertools.cycle(server.web_ports.values())
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def serve() -> None:
        while True:
            try:
                visitor, address = listener.accept()
            except OSError:
                return
            threading.Thread(target=pass_on, args=(visitor, address[0]), daemon=True).start()

    def pass_on(plain: socket.socket, address: str) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as visitor:
            head, body = whole_request(visitor)
            if not head:
                return
            said = f"X-Forwarded-For: {address}\r\nX-Forwarded-Proto: https\r\nConnection: close"
            head = re.sub(rb"(?i)\r\nconnection: [^\r]*", b"", head) + b"\r\n" + said.encode()
            with socket.create_connection(("127.0.0.1", next(web_ports))) as web:
                web.sendall(head + b"\r\n\r\n" + body)
                while got := web.recv(65_536):
                    visitor.sendall(got)
            visitor.unwrap()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def whole_request(visitor: ssl.SSLSocket) -> tuple[bytes, bytes]:
    """Read one request; return its head without the empty line, and its body."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = visitor.recv(65_536)
        if not more:
            return b"", b""
        got += more
    head, body = got.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        body += visitor.recv(65_536)
    return head, body
