"""``WIQ_MEDIA_URL``: the address of a bucket, read once by the settings.

``s3://[KEY:SECRET@]BUCKET[/PREFIX][?endpoint=https://…&region=…&addressing=path]``
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BACKEND = "wiq.media.bucket.DistrictBucket"
# What the address may say behind its question mark, and what the storage calls it.
OPTIONS = {"endpoint": "endpoint_url", "region": "region_name", "addressing": "addressing_style"}
ADDRESSING = ("path", "virtual")


def _refuse(why: str) -> ImproperlyConfigured:
    """Return an error that says what is wrong; the address itself may contain a secret."""
    return ImproperlyConfigured(f"WIQ_MEDIA_URL {why}.")


def storage_for(address: str) -> dict[str, Any]:
    """Return Django's ``STORAGES`` entry for the bucket of an address.

    What the address leaves out, boto3 looks for in the environment (``AWS_ACCESS_KEY_ID``,
    ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``, ``AWS_ENDPOINT_URL_S3``). Raises ImproperlyConfigured
    for an address that can't be meant.
    """
    try:
        parts = urlsplit(address)
        given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise _refuse("is no address") from None
    if parts.scheme != "s3":
        raise _refuse("must begin with s3://")
    login, _at, bucket = parts.netloc.rpartition("@")
    if not bucket or ":" in bucket:
        raise _refuse("must name a bucket: s3://BUCKET; a server's address is ?endpoint=https://…")
    options: dict[str, Any] = {"bucket_name": bucket, "root": unquote(parts.path).strip("/")}
    for name, value in given:
        if name not in OPTIONS or not value:
            raise _refuse(f"has an unknown or empty part {name!r}")
        options[OPTIONS[name]] = value
    _check(options)
    if login:
        key, _colon, secret = login.partition(":")
        if not key or not secret:
            raise _refuse("must hold both key and secret (s3://KEY:SECRET@BUCKET) or neither")
        options |= {"access_key": unquote(key), "secret_key": unquote(secret)}
    return {"BACKEND": BACKEND, "OPTIONS": options}


def _check(options: dict[str, Any]) -> None:
    endpoint = options.get("endpoint_url")
    if endpoint is not None:
        if urlsplit(endpoint).scheme not in ("http", "https"):
            raise _refuse("has an endpoint without https://")
        # A server of one's own has no name for each bucket.
        options.setdefault("addressing_style", "path")
    if options.get("addressing_style", "path") not in ADDRESSING:
        raise _refuse(f"has an addressing other than {' or '.join(ADDRESSING)}")
