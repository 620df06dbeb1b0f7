"""Conversations from a district's file: opened where an older file has none, and searched."""

from directory.conversations import last_word, writing
from wiq.importing import afterwards


def after_import() -> None:
    """Open what is missing, note who spoke last, and make all search keys."""
    writing.catch_up()
    last_word.note_all()
    writing.index_all()


afterwards.register(after_import)
