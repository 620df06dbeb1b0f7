"""The S3 server, and the platform with its files in a bucket of it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as live

from tests.media.s3 import S3Server, program
from wiq.media.bucket_address import storage_for


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One real server for all tests of a process."""
    folder = tmp_path_factory.mktemp("s3")
    server = S3Server(program(), folder).start()
    yield server
    server.stop()


@dataclass
class Bucket:
    """The bucket as an operator sees it, below the prefix of this test's platform."""

    server: S3Server
    prefix: str

    def listed(self) -> list[str]:
        start = len(self.prefix) + 1
        return [key[start:] for key in self.server.listed(f"{self.prefix}/")]


@pytest.fixture
def bucket(s3: S3Server, settings: Any) -> Bucket:
    """Put all files of this test into the bucket, as WIQ_MEDIA_URL does."""
    prefix = f"probe/{secrets.token_hex(4)}"
    settings.STORAGES = {**live.STORAGES, "default": storage_for(s3.url(prefix))}
    return Bucket(s3, prefix)
