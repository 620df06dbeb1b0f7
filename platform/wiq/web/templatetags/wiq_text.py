"""Template tags for texts: shortened, or in the reader's language."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from wiq.web.typography import bind

register = template.Library()
ENOUGH = 60
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def truncatesentences(text: str) -> str:
    """Return the first whole sentences of a text, until the summary is long enough."""
    shown = ""
    for sentence in re.split(r"(?<=[.!?])\s+", text.strip()):
        if len(shown) >= ENOUGH:
            break
        shown = f"{shown} {sentence}".strip()
    return shown


@register.filter
def at(mapping: Any, key: str) -> Any:
    """Return a mapping's value for a variable key, or nothing if the key is missing."""
    return mapping.get(key, ())


@register.simple_block_tag
def words(content: str) -> str:
    """Return the block's content without surrounding space, to be kept in a variable."""
    return content.strip()


@dataclass(frozen=True)
class Said:
    """A text in the reader's language, or else in German."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def lang(self) -> str:
        """The attribute that tells a screen reader that the text is in another language."""
        return "" if self.language == get_language() else format_html(' lang="{}"', self.language)


@register.filter
def said(thing: Any, field: str) -> Said:
    """Return a text of an object or a dict: on English pages the English one, if it exists."""
    read = thing.get if isinstance(thing, dict) else lambda name: getattr(thing, name, "")
    english = read(f"{field}_en") if get_language() == "en" else ""
    return Said(bind(english), "en") if english else Said(bind(read(field) or ""), "de")


@register.filter
def german_only(things: Iterable[Any], fields: str) -> bool:
    """Tell whether an English page will contain texts that exist in German only."""
    if get_language() == "de":
        return False
    found = [said(thing, field) for thing in things for field in fields.split()]
    return any(text and text.language == "de" for text in found)


@register.filter
def json_ld(data: Any) -> SafeString:
    """Return data for search engines as a script element that is not run (JSON-LD 1.1, 7)."""
    if not data:
        return SafeString()
    # Escapes what could end the element, as Django's json_script does.
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308
