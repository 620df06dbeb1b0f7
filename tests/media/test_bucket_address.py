"""WIQ_MEDIA_URL: what an operator may write, and what is refused without telling the secret."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from wiq.media.bucket_address import BACKEND, storage_for


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("s3://dateien", {"bucket_name": "dateien", "root": ""}),
        ("s3://dateien/wiq/", {"bucket_name": "dateien", "root": "wiq"}),
        (
            "s3://K%2F1:a%40b%2Bc@dateien/wiq/eins?region=eu-central-1",
            {
                "bucket_name": "dateien", "root": "wiq/eins", "region_name": "eu-central-1",
                "access_key": "K/1", "secret_key": "a@b+c",
            },
        ),
        (
            "s3://dateien?endpoint=https://s3.example:9000",
            {
                "bucket_name": "dateien", "root": "", "endpoint_url": "https://s3.example:9000",
                "addressing_style": "path",
            },
        ),
        (
            "s3://dateien?endpoint=https://s3.example&addressing=virtual",
            {
                "bucket_name": "dateien", "root": "", "endpoint_url": "https://s3.example",
                "addressing_style": "virtual",
            },
        ),
    ],
)  # fmt: skip
def test_an_address_says_where_the_bucket_is(address: str, options: dict[str, Any]) -> None:
    assert storage_for(address) == {"BACKEND": BACKEND, "OPTIONS": options}


@pytest.mark.parametrize(
    "address",
    [
        "https://geheim@dateien", "s3://", "s3:///wiq", "s3://nur-key@dateien", "s3://:geheim@dateien",
        "s3://s3.example:9000/dateien", "s3://k:geheim@dateien?region=", "s3://k:geheim@dateien?zone=x",
        "s3://k:geheim@dateien?endpoint=s3.example", "s3://k:geheim@dateien?addressing=dns",
        "s3://k:geheim@dateien?region", "s3://[geheim",
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_refused_without_the_secret(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^WIQ_MEDIA_URL ") as refused:
        storage_for(address)
    assert "geheim" not in str(refused.value)


def started(**changes: str) -> "subprocess.CompletedProcess[str]":
    code = "import django; django.setup(); from django.core.files.storage import default_storage as s; print(s.__class__.__name__)"
    return subprocess.run(
        [sys.executable, "-c", code], env=os.environ | changes, capture_output=True, text=True
    )


@pytest.mark.thorough
def test_the_environment_decides_where_files_lie() -> None:
    assert started(WIQ_MEDIA_URL="").stdout.strip() == "DistrictFolder"
    assert started(WIQ_MEDIA_URL="s3://k:s@dateien").stdout.strip() == "DistrictBucket"
    refused = started(WIQ_MEDIA_URL="s3://k:geheim@dateien?zone=x")
    assert refused.returncode != 0
    assert "WIQ_MEDIA_URL has an unknown" in refused.stderr.splitlines()[-1]
    assert "geheim" not in refused.stderr
