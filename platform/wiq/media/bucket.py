"""The files of districts in a bucket that speaks S3, each district below a prefix of its own.

Nobody but us reads the bucket: files have no public address, pass through the platform, and are
decided on there like files in a folder (docs/decisions/0029-files-in-a-bucket.md).
"""

import threading
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

# A visitor waits for these: an answer that takes longer will not come.
CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 10, 2
# DeleteObjects takes as many at once (S3's API reference).
AT_ONCE = 1000
MISSING = ("404", "NoSuchKey", "NotFound")
_making = threading.Lock()


@contextmanager
def _told() -> Iterator[None]:
    """Turn the errors of boto3 into ours, without the server's words: they name keys."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in MISSING:
            raise FileNotFoundError("there is no such file") from None
        raise FilesAway(f"the bucket refuses ({code})") from None
    except (BotoCoreError, HTTPClientError) as error:
        raise FilesAway(f"the bucket does not answer ({type(error).__name__})") from None


class DistrictBucket(DistrictStorage, S3Storage):
    """The storage of ``WIQ_MEDIA_URL=s3://…``: django-storages, with a prefix for each district."""

    def __init__(self, *, root: str = "", schema_name: str = "", **options: Any) -> None:
        """``root`` is the prefix of all districts; ``schema_name`` binds it to one of them."""
        self.root, self.schema_name, self.options = root, schema_name, options
        # Third parties' servers refuse the checksums that boto3 adds on its own.
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": TRIES},
            signature_version="s3v4",
            s3={"addressing_style": options.get("addressing_style", "auto")},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(
            file_overwrite=False,
            querystring_auth=False,
            client_config=config,
            transfer_config=TransferConfig(use_threads=False),
            **options,
        )
        self._session: boto3.Session | None = None

    @property
    def connection(self) -> Any:
        """Return this thread's connection; one is made at a time, as a session demands."""
        with _making:
            return super().connection

    def _create_session(self) -> Any:
        """Share one session: each thread's own would read boto3's large descriptions again."""
        if self._session is None:
            self._session = super()._create_session()
        return self._session

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def of(self, schema_name: str) -> Self:
        assert schema_name
        bound = type(self)(root=self.root, schema_name=schema_name, **self.options)
        # The same connections: making one takes longer than asking for a file.
        bound._connections, bound._session = self._connections, self._session
        return bound

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
        with _told():
            saved: str = super()._save(name, content)
        return saved

    def delete(self, name: str) -> None:
        with _told():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _told():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _told():
            return int(self._client.head_object(**self._named(name))["ContentLength"])

    def url(self, name: str | None) -> str:
        """Return our own address, as for a folder: the bucket's would be nobody's to open."""
        schema_name = self.schema_name or connection.schema_name
        return settings.MEDIA_URL + filepath_to_uri(f"{schema_name}/{clean_name(name or '')}")

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": self._key(name)}

    def read(self, name: str) -> Opened:
        with _told():
            answer = self._client.get_object(**self._named(name))
        return Opened(answer["Body"], answer["ContentLength"])

    def read_part(self, name: str, start: int, length: int) -> bytes:
        span = f"bytes={start}-{start + length - 1}"
        with _told():
            answer = self._client.get_object(**self._named(name), Range=span)
            part: bytes = answer["Body"].read()
        return part

    def _listed(self, prefix: str, delimiter: str = "") -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2")
        with _told():
            yield from pages.paginate(Bucket=self.bucket_name, Prefix=prefix, Delimiter=delimiter)

    def _objects(self, folder: str = "") -> Iterator[dict[str, Any]]:
        prefix = self._key(folder).rstrip("/") + "/"
        for page in self._listed(prefix):
            yield from page.get("Contents", ())

    def everything(self) -> Iterator[StoredFile]:
        start = len(self._place()) + 1
        for found in self._objects():
            changed = found["LastModified"].timestamp()
            yield StoredFile(found["Key"][start:], found["Size"], changed)

    def remove_all(self, folder: str = "") -> None:
        keys = [{"Key": found["Key"]} for found in self._objects(folder)]
        for first in range(0, len(keys), AT_ONCE):
            some = {"Objects": keys[first : first + AT_ONCE], "Quiet": True}
            with _told():
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
        with _told():
            self._client.list_objects_v2(Bucket=self.bucket_name, Prefix=prefix, MaxKeys=1)
