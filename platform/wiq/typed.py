"""What people type or paste, as we keep it: the one normaliser, which stands before all rules.

Three steps, each of which may be taken twice: ``cleaned`` is what happens to whatever comes in
(pages, API); ``paragraphs`` and ``line`` are what a text of several lines and one of a single
line become. What visitors see or hear of a text stays (docs/decisions/0065-typed-text.md).
"""

import re
import unicodedata
from typing import Any

# Nobody sees these: zero-width space and word joiner, the soft hyphen, byte order marks, what
# turns the direction of everything behind it (Unicode, UAX 9), operators that are not drawn.
_UNSEEN = "\u00ad\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
# Noncharacters (Unicode, 23.7): no text holds them, and XML can't.
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + end) for plane in range(17) for end in (0xFFFE, 0xFFFF)
)
_DROPPED = re.compile(f"[{_UNSEEN}{_NO_CHARACTERS}]")
NO_BREAK_SPACE = "\u00a0"
# Word processors insert these within a paragraph (VT), between pages (FF), and Unicode has more.
_BREAKS = re.compile("\r\n|[\x0b\x0c\r\x85\u2028\u2029]")
_ODD_BREAKS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\t\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Marks of direction mean something between the words of a text, and nothing in a single line.
_DIRECTIONS = re.compile("[\u200e\u200f\u061c]")
# They join or part the letters of Persian or Hindi and the parts of an emoji, and never ASCII.
_IDLE_JOINERS = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
# Letters that are drawn as nothing: the fillers of Hangul and the empty pattern of Braille.
_DRAWN_AS_NOTHING = "\u115f\u1160\u3164\uffa0\u2800"
# Controls, formats, halves of a pair, spaces, and marks without a letter to stand on.
_NOT_SEEN = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me")
# No more digits than a bigint always holds.
_ROW_NUMBER = re.compile("[0-9]{1,18}")
# XML 1.0, 2.2: all that a document may hold.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def cleaned(text: str) -> str:
    """Return a text without characters that nobody sees, in composed letters (NFC).

    Joiners and marks of direction stay: emoji, Persian and Arabic need them.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _DROPPED.sub("", text).replace(NO_BREAK_SPACE, " "))


def paragraphs(text: str) -> str:
    """Return a text of several lines, whose breaks are LF; empty if there is nothing to see."""
    text = _BREAKS.sub("\n", cleaned(text))
    return text if is_seen(text) or text.isspace() else ""


def line(text: str) -> str:
    """Return a text of one line; a break that a word processor left in it is a space.

    CR and LF stay for the rules to judge: no field of one line lets a person type them.
    """
    text = _SPACES.sub(" ", _ODD_BREAKS.sub(" ", cleaned(text)))
    text = _IDLE_JOINERS.sub("", _DIRECTIONS.sub("", text))
    return text if is_seen(text) or text.isspace() else ""


def is_seen(text: str) -> bool:
    """Tell whether a text holds anything that a reader sees."""
    return any(
        character not in _DRAWN_AS_NOTHING and unicodedata.category(character) not in _NOT_SEEN
        for character in text
    )


def with_plain_line_ends(text: str) -> str:
    """Return a text with LF where browsers and Windows write CRLF (HTML, 4.10.21.4)."""
    return text.replace("\r\n", "\n")


def without_control_characters(text: str) -> str:
    """Return a text of several lines with tabs and line breaks as its only control characters."""
    return "".join(
        c for c in paragraphs(text) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )


def for_xml(text: str) -> str:
    """Return a text without what XML can't hold: feeds, sitemaps and mails never get more.

    Rows that an older version wrote are not cleaned; what leaves the house is.
    """
    return _NOT_IN_XML.sub("", text)


def row_number(text: str) -> int:
    """Return the number of a row that a form or an address names; 0, which none has, for others.

    Python refuses to read more than some thousand digits (docs.python.org, sys.int_info).
    """
    return int(text) if _ROW_NUMBER.fullmatch(text) else 0


def whole(value: Any) -> Any:
    """Return the value of a JSON document with every text in it cleaned. Raises RecursionError."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [whole(item) for item in value]
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    return value
