"""What must not be torn apart at the end of a line: "27. November", "5 MB", "§ 18", a number.

Sentences of ours hold the non-breaking spaces already (tests/house/test_words.py); what people
typed gets them when it is shown, so that nothing typed is changed.
"""

import re

NBSP = "\u00a0"
_MONTHS = (
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    "January|February|March|May|June|July|October|December"
)
_UNITS = "%|€|Euro|kB|MB|GB|mm|cm|m|km|m²|kg|g|l|°C|Uhr"
_JOINED = (
    re.compile(rf"(?<=\d\.) (?=(?:{_MONTHS})\b)"),
    re.compile(rf"(?<=\d) (?=(?:{_MONTHS})\b)"),
    re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))"),
    re.compile(r"(?<=§) (?=\d)"),
    re.compile(r"(?<=\bAbs\.) (?=\d)|(?<=\bArt\.) (?=\d)|(?<=\bNr\.) (?=[\d%])"),
    re.compile(r"(?<=\bArtikel) (?=\d)|(?<=\bAbsatz) (?=\d)|(?<=\bBuchstabe) (?=[a-z]\b)"),
    re.compile(r"(?<=\bz\.) (?=B\.)|(?<=\bd\.) (?=h\.)|(?<=\bu\.) (?=a\.)"),
    re.compile(r"(?<=\bNo\.) (?=[\d%])"),
)
# A telephone number: it begins with 0, + or a bracket and has six digits at least.
_PHONE = re.compile(r"(?<![\w.,:/-])(?:\+|\(?0)\d*(?:[ ()/–-]{1,3}\d+)+(?![\w:])")


def bind(text: str) -> str:
    """Return a text in which what belongs together has non-breaking spaces."""
    if " " not in text or not (any(map(str.isdigit, text)) or "." in text or "§" in text):
        return text
    for pattern in _JOINED:
        text = pattern.sub(NBSP, text)
    return _PHONE.sub(lambda found: found[0].replace(" ", NBSP), text)
