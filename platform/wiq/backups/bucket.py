"""A bucket that speaks S3 as the target of backups. Loaded by the command alone: boto3 is heavy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from wiq.backups.targets import Kept, Readable
from wiq.backups.trouble import BackupError, Why

# S3 takes 10,000 parts of a thing: 320 GB, with one part in memory at a time.
PART = 32 << 20
IN_PARTS = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
# Nobody waits for it: a server that is restarted is asked again.
PATIENT = Config(
    signature_version="s3v4",
    connect_timeout=10,
    read_timeout=120,
    retries={"total_max_attempts": 4, "mode": "standard"},
    # Third parties' servers refuse the checksums that boto3 adds on its own.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
MISSING = ("404", "NoSuchKey", "NotFound")
FULL = ("QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "InsufficientCapacity", "507")


class BucketTarget:
    """A bucket. An upload counts when S3 has put its parts together, or not at all."""

    def __init__(self, options: dict[str, Any]) -> None:
        """``options`` is what the address says (wiq.media.bucket_address)."""
        self.bucket, self.root = options["bucket_name"], options["root"]
        style = {"addressing_style": options.get("addressing_style", "auto")}
        self._client = boto3.client(
            "s3",
            endpoint_url=options.get("endpoint_url"),
            region_name=options.get("region_name"),
            aws_access_key_id=options.get("access_key"),
            aws_secret_access_key=options.get("secret_key"),
            config=PATIENT.merge(Config(s3=style)),
        )

    def _named(self, key: str) -> str:
        return f"{self.root}/{key}".lstrip("/")

    def put(self, key: str, content: Readable) -> None:
        with told(key):
            self._client.upload_fileobj(content, self.bucket, self._named(key), Config=IN_PARTS)

    def open(self, key: str) -> IO[bytes]:
        with told(key):
            answer = self._client.get_object(Bucket=self.bucket, Key=self._named(key))
        return _Told(answer["Body"], key)  # type: ignore[return-value]

    def listed(self, prefix: str) -> dict[str, Kept]:
        start, found = len(self._named("")), {}
        pages = self._client.get_paginator("list_objects_v2")
        with told(prefix):
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._named(prefix)):
                for one in page.get("Contents", ()):
                    kept = Kept(one["Size"], one["LastModified"].timestamp())
                    found[one["Key"][start:]] = kept
        return found

    def remove(self, key: str) -> None:
        with told(key):
            self._client.delete_object(Bucket=self.bucket, Key=self._named(key))


class _Told:
    """What is read from a bucket; a connection that breaks is told as everything else."""

    def __init__(self, body: Any, key: str) -> None:
        self._body, self._key = body, key

    def __enter__(self) -> "_Told":
        return self

    def __exit__(self, *error: object) -> None:
        self._body.close()

    def read(self, size: int = -1) -> bytes:
        with told(self._key):
            data: bytes = self._body.read(None if size < 0 else size)
        return data


@contextmanager
def told(key: str) -> Iterator[None]:
    """Turn the errors of boto3 into ours, with the server's short word and no address."""
    try:
        yield
    except ClientError as error:
        raise _ours(error, key) from None
    except (BotoCoreError, HTTPClientError) as error:
        raise BackupError(Why.REFUSED, type(error).__name__) from None


def _ours(error: ClientError, key: str) -> BackupError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in MISSING:
        return BackupError(Why.CHAIN, key)
    return BackupError(Why.FULL) if code in FULL else BackupError(Why.REFUSED, code)
