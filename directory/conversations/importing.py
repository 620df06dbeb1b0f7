"""Conversations from a district's file: opened where an older file has none, and searched."""

from directory.conversations import writing
from wiq.importing import afterwards


def after_import() -> None:
    """Open what is missing and make all search keys."""
    writing.catch_up()
    writing.index_all()


afterwards.register(after_import)
