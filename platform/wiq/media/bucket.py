"""The files of districts in a bucket that speaks S3, each district below a prefix of its own.

Nobody but us reads the bucket: files have no public address, pass through the platform, and are
decided on there like files in a folder (docs/decisions/0034-files-in-a-bucket.md).
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name, safe_join

from wiq.database import DISTRICT_SCHEMA
from wiq.media.storage import DistrictStorage, FilesAway, Opened, StoredFile
from wiq.tenancy import connection

# For whoever looks at a page: an answer that takes longer will not come.
HASTY = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
# For whoever keeps or deletes a file, which may take a server longer.
PATIENT = Config(connect_timeout=2, read_timeout=30, retries={"total_max_attempts": 2})
# After a silence nobody asks for so long: a bucket that hangs must not hold every thread.
PAUSE_SECONDS = 2.0
# DeleteObjects takes as many at once (S3's API reference).
AT_ONCE = 1000
MISSING = ("404", "NoSuchKey", "NotFound")
_making = threading.Lock()


class _Shared:
    """What a storage and those bound to a district share: making it takes long."""

    session: boto3.Session | None = None
    reader: Any = None
    silent_until = 0.0


class DistrictBucket(DistrictStorage, S3Storage):
    """The storage of ``WIQ_MEDIA_URL=s3://…``: django-storages, with a prefix for each district."""

    def __init__(self, *, root: str = "", schema_name: str = "", **options: Any) -> None:
        """``root`` is the prefix of all districts; ``schema_name`` binds it to one of them."""
        self.root, self.schema_name, self.options = root, schema_name, options
        # Third parties' servers refuse the checksums that boto3 adds on its own.
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": options.get("addressing_style", "auto")},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            file_overwrite=False,
            querystring_auth=False,
            client_config=config.merge(PATIENT),
            transfer_config=TransferConfig(use_threads=False),
            **options,
        )
        self._shared = _Shared()

    def of(self, schema_name: str) -> Self:
        assert schema_name
        bound = type(self)(root=self.root, schema_name=schema_name, **self.options)
        bound._connections, bound._shared = self._connections, self._shared
        return bound

    @property
    def connection(self) -> Any:
        """Return this thread's connection; one is made at a time, as a session demands."""
        with _making:
            return super().connection

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    @property
    def _reader(self) -> Any:
        """Return the client of all threads for what visitors wait for."""
        with _making:
            if self._shared.reader is None:
                self._shared.reader = self._create_session().client(
                    "s3",
                    region_name=self.region_name,
                    endpoint_url=self.endpoint_url,
                    config=self.client_config.merge(HASTY),
                )
            return self._shared.reader

    def _create_session(self) -> Any:
        """Share one session: each thread's own would read boto3's large descriptions again."""
        if self._shared.session is None:
            self._shared.session = super()._create_session()
        return self._shared.session

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn the errors of boto3 into ours, without the server's words: they name keys."""
        if time.monotonic() < self._shared.silent_until:
            raise FilesAway("the bucket has just given no answer")
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in MISSING:
                raise FileNotFoundError("there is no such file") from None
            raise FilesAway(f"the bucket refuses ({code})") from None
        except (BotoCoreError, HTTPClientError) as error:
            self._shared.silent_until = time.monotonic() + PAUSE_SECONDS
            raise FilesAway(f"the bucket does not answer ({type(error).__name__})") from None

    def _place(self) -> str:
        return f"{self.root}/{self.schema_name or connection.schema_name}".lstrip("/")

    def _normalize_name(self, name: str) -> str:
        """Return the key of a name; one that leads to another district is refused."""
        try:
            key: str = safe_join(self._place(), name)
        except ValueError:
            raise SuspiciousFileOperation("the name leads out of the district's files") from None
        return key

    def _key(self, name: str) -> str:
        return self._normalize_name(clean_name(name))

    def _save(self, name: str, content: File) -> str:
        with self._told():
            saved: str = super()._save(name, content)
        return saved

    def delete(self, name: str) -> None:
        with self._told():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with self._told():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with self._told():
            return int(self._reader.head_object(**self._named(name))["ContentLength"])

    def url(self, name: str | None) -> str:
        """Return our own address, as for a folder: the bucket's would be nobody's to open."""
        schema_name = self.schema_name or connection.schema_name
        return settings.MEDIA_URL + filepath_to_uri(f"{schema_name}/{clean_name(name or '')}")

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": self._key(name)}

    def read(self, name: str) -> Opened:
        with self._told():
            answer = self._reader.get_object(**self._named(name))
        return Opened(answer["Body"], answer["ContentLength"])

    def read_part(self, name: str, start: int, length: int) -> bytes:
        span = f"bytes={start}-{start + length - 1}"
        with self._told():
            answer = self._reader.get_object(**self._named(name), Range=span)
            part: bytes = answer["Body"].read()
        return part

    def _listed(self, prefix: str, delimiter: str = "") -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._told():
            yield from pages.paginate(Bucket=self.bucket_name, Prefix=prefix, Delimiter=delimiter)

    def _objects(self, folder: str = "") -> Iterator[dict[str, Any]]:
        prefix = self._key(folder).rstrip("/") + "/"
        for page in self._listed(prefix):
            yield from page.get("Contents", ())

    def everything(self, folder: str = "") -> Iterator[StoredFile]:
        start = len(self._place()) + 1
        for found in self._objects(folder):
            changed = found["LastModified"].timestamp()
            yield StoredFile(found["Key"][start:], found["Size"], changed)

    def remove_all(self, folder: str = "") -> None:
        keys = [{"Key": found["Key"]} for found in self._objects(folder)]
        for first in range(0, len(keys), AT_ONCE):
            some = {"Objects": keys[first : first + AT_ONCE], "Quiet": True}
            with self._told():
                answer = self._client.delete_objects(Bucket=self.bucket_name, Delete=some)
            if answer.get("Errors"):
                raise FilesAway("the bucket keeps files that are to be deleted")

    def last_change(self) -> float:
        return max((file.changed for file in self.everything()), default=0.0)

    def districts(self) -> set[str]:
        prefix = f"{self.root}/" if self.root else ""
        folders = (
            folder["Prefix"][len(prefix) :].rstrip("/")
            for page in self._listed(prefix, "/")
            for folder in page.get("CommonPrefixes", ())
        )
        return {name for name in folders if DISTRICT_SCHEMA.fullmatch(name)}

    def check(self) -> None:
        prefix = f"{self.root}/" if self.root else ""
        with self._told():
            self._reader.list_objects_v2(Bucket=self.bucket_name, Prefix=prefix, MaxKeys=1)
