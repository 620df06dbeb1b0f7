"""Atom feeds that every reader can read."""

from typing import Any

from django.utils.feedgenerator import Atom1Feed

from wiq.typed import for_xml


class ReadableFeed(Atom1Feed):
    """An Atom feed (RFC 4287) without what XML can't hold, whatever old rows hold.

    Django refuses a feed with control characters as a whole (UnserializableContentError).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.feed = {name: _clean(value) for name, value in self.feed.items()}

    def add_item(self, *args: Any, **kwargs: Any) -> None:
        super().add_item(*args, **kwargs)
        self.items[-1] = {name: _clean(value) for name, value in self.items[-1].items()}


def _clean(value: Any) -> Any:
    return for_xml(str(value)) if isinstance(value, str) else value
