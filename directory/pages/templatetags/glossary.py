"""Links to the glossary, where a word first occurs on a page."""

import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from directory.pages.models import Text

register = template.Library()
SEEN, WORDS = "wiq_glossary_seen", "wiq_glossary_words"
# Endings that a word may have: Lösungsteams, des Steuerungsteams, Fokusse; topics.
ENDINGS = {"de": "(?:e|n|s|es|en|se)?", "en": "(?:s|es)?"}


def _words(request: Any, language: str) -> dict[str, str]:
    """Return the glossary's words in a language with their slugs, read once per page."""
    if not hasattr(request, WORDS):
        setattr(request, WORDS, list(Text.objects.glossary()))
        setattr(request, SEEN, set())
    texts: list[Text] = getattr(request, WORDS)
    found = {
        (text.title if language == "de" else text.title_here).lower(): text.slug for text in texts
    }
    found.pop("", None)
    # The longest first, so that a word inside a longer one does not match.
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


def link_words(
    html: str, words: dict[str, str], seen: set[str], url: str, language: str = "de"
) -> str:
    """Return HTML in which the first occurrence of each word links to its explanation.

    ``seen`` holds the words already linked on the page; new ones are added. Text inside a tag or a
    link stays unchanged.
    """
    if not words:
        return html
    pattern = re.compile(
        rf"\b({'|'.join(re.escape(word) for word in words)}){ENDINGS[language]}\b", re.IGNORECASE
    )

    def linked(match: re.Match[str]) -> str:
        word = match[1].lower()
        # German nouns begin with a capital letter. IGNORECASE also matches the long s, which is not
        # in ``words``.
        is_noun = language != "de" or match[0][0].isupper()
        if word in seen or word not in words or not is_noun:
            return match[0]
        seen.add(word)
        return format_html('<a class="term" href="{}#{}">{}</a>', url, words[word], match[0])

    # Words in the network's name are not linked.
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
    if request is None or getattr(request, "tenant", None) is None:
        return mark_safe(html)  # noqa: S308 (escaped above)
    words = _words(request, language)
    found = link_words(html, words, getattr(request, SEEN), reverse("pages:glossary"), language)
    return mark_safe(found)  # noqa: S308 (escaped above, links by format_html)
