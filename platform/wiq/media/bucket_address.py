"""The address of a bucket: ``WIQ_MEDIA_URL``, read by the settings, and ``WIQ_BACKUP_URL``.

``s3://[KEY:SECRET@]BUCKET[/PREFIX][?endpoint=https://…&region=…&addressing=path]``
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKEND = "wiq.media.bucket.DistrictBucket"
# What the address may say behind its question mark, and what the storage calls it.
OPTIONS = {"endpoint": "endpoint_url", "region": "region_name", "addressing": "addressing_style"}
ADDRESSING = ("path", "virtual")


class Unfit(ValueError):
    """An address that can't be meant. Its words say why; the address itself may hold a secret."""


def storage_for(address: str) -> dict[str, Any]:
    """Return Django's ``STORAGES`` entry for the bucket of ``WIQ_MEDIA_URL``.

    Raises ImproperlyConfigured for an address that can't be meant.
    """
    try:
        return {"BACKEND": BACKEND, "OPTIONS": bucket_of(address)}
    except Unfit as error:
        raise ImproperlyConfigured(f"WIQ_MEDIA_URL {error}.") from None


def bucket_of(address: str) -> dict[str, Any]:
    """Return what an address says: bucket, prefix (``root``), server and key.

    What the address leaves out, boto3 looks for in the environment (``AWS_ACCESS_KEY_ID``,
    ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, ``AWS_ENDPOINT_URL_S3``). Raises Unfit.
    """
    try:
        parts = urlsplit(address)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise Unfit("is no address") from None
    if parts.scheme != "s3":
        raise Unfit("must begin with s3://")
    login, _at, bucket = parts.netloc.rpartition("@")
    if not bucket or ":" in bucket:
        raise Unfit("must name a bucket: s3://BUCKET; a server's address is ?endpoint=https://…")
    options: dict[str, Any] = {"bucket_name": bucket, "root": unquote(parts.path).strip("/")}
    for name, value in given:
        if name not in OPTIONS or not value:
            raise Unfit(f"has an unknown or empty part {name!r}")
        options[OPTIONS[name]] = value
    _check(options)
    if login:
        key, _colon, secret = login.partition(":")
        if not key or not secret:
            raise Unfit("must hold both key and secret (s3://KEY:SECRET@BUCKET) or neither")
        options |= {"access_key": unquote(key), "secret_key": unquote(secret)}
    return options


def _check(options: dict[str, Any]) -> None:
    endpoint = options.get("endpoint_url")
    if endpoint is not None:
        if urlsplit(endpoint).scheme not in ("http", "https"):
            raise Unfit("has an endpoint without https://")
        # A server of one's own has no name for each bucket.
        options.setdefault("addressing_style", "path")
    if options.get("addressing_style", "path") not in ADDRESSING:
        raise Unfit(f"has an addressing other than {' or '.join(ADDRESSING)}")
