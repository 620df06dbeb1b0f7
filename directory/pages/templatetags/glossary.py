"""Words of the glossary, linked where they first occur on a page."""

import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from directory.pages.models import Text

register = template.Library()
SEEN, WORDS = "wiq_glossary_seen", "wiq_glossary_words"
# What may stand behind a word in German: Lösungsteams, des Steuerungsteams, Fokusse.
ENDINGS = "(?:e|n|s|es|en|se)?"


def _words(request: Any) -> dict[str, str]:
    """Return the glossary's words with the short name of each, read once a page."""
    if not hasattr(request, WORDS):
        # Read by the alphabet, the longest first: a word inside another one is not that one.
        found = {word.title.lower(): word.slug for word in Text.objects.glossary()}
        setattr(request, WORDS, dict(sorted(found.items(), key=lambda pair: -len(pair[0]))))
        setattr(request, SEEN, set())
    words: dict[str, str] = getattr(request, WORDS)
    return words


def link_words(html: str, words: dict[str, str], seen: set[str], url: str) -> str:
    """Return HTML in which the first occurrence of each word leads to its explanation.

    ``seen`` holds the words that a page has linked already, and is added to. What stands inside a
    tag or a link stays as it is.
    """
    if not words:
        return html
    pattern = re.compile(
        rf"\b({'|'.join(re.escape(word) for word in words)}){ENDINGS}\b", re.IGNORECASE
    )

    def linked(match: re.Match[str]) -> str:
        word = match[1].lower()
        # A long s matches an s, and is none.
        if word in seen or word not in words or not match[0][0].isupper():
            return match[0]
        seen.add(word)
        return format_html('<a class="term" href="{}#{}">{}</a>', url, words[word], match[0])

    # The name of the network is a name.
    parts = re.split(r"(Wir im Quartier|<a\b.*?</a>|<[^>]*>|&[#\w]+;)", html, flags=re.DOTALL)
    return "".join(
        part if index % 2 else pattern.sub(linked, part) for index, part in enumerate(parts)
    )


@register.simple_tag(takes_context=True)
def explained(context: dict[str, Any], text: Any) -> SafeString:
    """Show the paragraphs of a text (``|said``) with the glossary's words linked."""
    language = getattr(text, "language", "de")
    html = linebreaks(str(text), autoescape=True)
    request = context.get("request")
    if request is None or language != "de" or getattr(request, "tenant", None) is None:
        return mark_safe(html)  # noqa: S308 (escaped above)
    words = _words(request)
    found = link_words(html, words, getattr(request, SEEN), reverse("pages:glossary"))
    return mark_safe(found)  # noqa: S308 (escaped above, links by format_html)
