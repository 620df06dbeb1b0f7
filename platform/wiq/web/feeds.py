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


class InLanguages(ReadableFeed):
    """An Atom feed that says of each entry's texts which language they are in (RFC 4287, 2)."""

    def add_item_elements(self, handler: Any, item: Any) -> None:
        """Write an entry; its title and its summary carry ``xml:lang``."""
        marking: Any = _Marking(handler, item["languages"])
        super().add_item_elements(marking, item)


class _Marking:
    """Passes elements on, the title and the summary with their language."""

    def __init__(self, handler: Any, languages: dict[str, str]) -> None:
        self.handler, self.languages = handler, languages

    def __getattr__(self, name: str) -> Any:
        return getattr(self.handler, name)

    def addQuickElement(self, name: str, contents: Any = None, attrs: Any = None) -> None:  # noqa: N802
        marked = dict(attrs or {})
        if name in self.languages:
            marked["xml:lang"] = self.languages[name]
        self.handler.addQuickElement(name, contents, marked)


def _clean(value: Any) -> Any:
    return for_xml(str(value)) if isinstance(value, str) else value
