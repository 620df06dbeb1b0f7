"""A first visit is light by our own web server alone: pages and files are sent packed."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.test import override_settings
from whitenoise import WhiteNoise

from bench.first_visit import BYTES_MOST, PAGES
from tests.cast import District
from wiq.page_cache.packing import packed

PRODUCTION = {
    "default": {"BACKEND": "wiq.media.folder.DistrictFolder"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOADED = re.compile(r'(?:<link rel="(?:stylesheet|icon)"[^>]*href|<script[^>]*src)="([^"]+)"')


def sent(files: WhiteNoise, path: str, wish: str) -> tuple[str, int]:
    """Ask for a file; return how it is packed and its length."""
    said: dict[str, Any] = {}
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "HTTP_ACCEPT_ENCODING": wish}
    body = b"".join(files(environ, lambda status, headers: said.update(headers)))
    assert int(said["Content-Length"]) == len(body)
    return said.get("Content-Encoding", ""), len(body)


@pytest.mark.thorough
def test_a_first_visit_is_light_without_a_proxys_help(nord: District, tmp_path: Path) -> None:
    with override_settings(STORAGES=PRODUCTION, STATIC_ROOT=str(tmp_path)):
        # Those of both administrations, and of others, take a minute to pack.
        tops = {file.split("/")[0] for finder in get_finders() for file, _place in finder.list([])}
        others = sorted(tops - {"web"})
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=others)
        pages = {path: nord.client().get(path).content for path in PAGES}
    files = WhiteNoise(lambda environ, start: [b"none"], root=str(tmp_path), prefix="/static/")
    for path, page in pages.items():
        loaded = {one for one in LOADED.findall(page.decode()) if one.startswith("/static/")}
        assert any(one.endswith(".css") for one in loaded)
        for wish in ("br", "gzip"):
            size = len(packed(page)[wish])
            for one in loaded:
                how, length = sent(files, one, wish)
                assert how == wish or length < 1000, one
                size += length
            assert size < BYTES_MOST, (path, wish, size)
