"""The addresses of all rooms on one kind of host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from wiq.rooms import Host, UrlList, rooms


def once(host: Host) -> list[URLPattern | URLResolver]:
    """Return what stands under one address, in no language or in one."""
    return [_included(found) for found in _lists(host) if not found.translated]


def in_every_language(host: Host) -> list[URLPattern | URLResolver]:
    """Return the pages that stand under an address of each language."""
    return [_included(found) for found in _lists(host) if found.translated]


def _lists(host: Host) -> list[UrlList]:
    return [
        found
        for room in rooms()
        for found in room.urls
        if found.host is host and (not found.setting or getattr(settings, found.setting))
    ]


def _included(found: UrlList) -> URLResolver:
    return path(found.prefix, include(found.module))
