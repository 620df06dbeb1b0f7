"""Addresses of calendars as programs subscribe to them."""

from wiq.web.hosts import on_district


def subscribed(name: str, *args: object) -> str:
    """Return the ``webcal:`` address of a calendar by its name: the program keeps asking it."""
    return "webcal:" + on_district(name, *args).partition(":")[2]
