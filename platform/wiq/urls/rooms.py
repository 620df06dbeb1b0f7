"""The addresses of all rooms on one kind of host."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from wiq.rooms import Host, UrlList, rooms


def once(host: Host) -> list[URLPattern | URLResolver]:
    """Return the patterns of pages with a single address, for all languages."""
    return [_included(found) for found in _lists(host) if not found.translated]


def in_every_language(host: Host) -> list[URLPattern | URLResolver]:
    """Return the patterns of pages with an address in each language."""
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
