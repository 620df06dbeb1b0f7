"""The words of a mail: what its writer says, apart from what it quotes.

Plain text where there is some, else the text of its HTML. Everything may be hostile.
"""

import codecs
import re
from dataclasses import dataclass
from email.message import Message
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser
from mailparser_reply.parser import EmailMessage as Parsed

from wiq.typed import for_xml, without_control_characters

# Characters of each; a longer mail is read so far.
LONGEST, LONGEST_HTML = 20_000, 400_000
LONGEST_BYTES = 4 * LONGEST_HTML
# Programs of Windows call theirs ISO-8859-1 (https://encoding.spec.whatwg.org/#names-and-labels).
# The others write no letters of mails, and take minutes for a long text.
_AS_BROWSERS_DO = {
    "iso8859-1": "cp1252", "ascii": "cp1252",
    **dict.fromkeys(("punycode", "idna", "unicode_escape", "raw_unicode_escape"), "utf-8"),
}  # fmt: skip
# Stands at the top of mails that can be answered: whatever programs quote begins there.
MARKS = {
    "de": "Bitte schreiben Sie Ihre Antwort über diese Zeile",
    "en": "Please write your answer above this line",
}
_MARK = re.compile("|".join(MARKS.values()))
# The library's expressions take minutes for lines that are all "On On On", or for empty ones.
LONGEST_LINE = 300
_PARSER = EmailReplyParser(languages=["de", "en"])
HEADERS = Parsed(text="", languages=list(_PARSER.languages)).HEADER_REGEX
# What the library does not know: GMX and Web.de on the phone, and lines above an old mail.
_OTHERS = re.compile(
    r"^[^\n]{0,150}<[^<>\s]{3,200}> schrieb am [^\n]{0,80}:[ ]*$"
    r"|^-{3,} ?(?:Ursprüngliche Nachricht|Original Message|Weitergeleitete Nachricht) ?-{3,}[ ]*$"
    r"|^_{10,}[ ]*$",
    re.MULTILINE | re.IGNORECASE,
)
# Declarations, and tags that hold a picture; of a tag no more is read than a link needs.
_NOT_SAID = re.compile(r"<[!?][^<>]*>|<[a-zA-Z/][^<>]{3000,}>")
_NO_TAG = re.compile(r"<(?![a-zA-Z/][^<>]{0,3000}>)")
_QUOTED_LINE = re.compile(r"^[ ]?>", re.MULTILINE)


@dataclass(frozen=True)
class Words:
    """What somebody wrote, and what the mail quotes."""

    text: str
    quoted: str


def words_of(mail: Message) -> Words:
    """Return the words of a mail; a mail that only quotes has none."""
    return apart(_text_of(mail))


def apart(text: str) -> Words:
    """Set quoted text apart from what is new."""
    whole = _tidy(text)
    cut = min(_ends(whole), default=len(whole))
    above, below = whole[:cut], whole[cut:]
    mark = _MARK.search(whole)
    is_quoted = mark is not None and _QUOTED_LINE.match(whole[: mark.start()].rpartition("\n")[2])
    if is_quoted or not _unquoted(above).strip() or _QUOTED_LINE.search(above):
        # Perhaps answered below what it quotes, or between: each line counts by itself, and what
        # it answers is read in the whole.
        found = _unquoted(_without_headers(whole if is_quoted or cut == 0 else above))
        if found.strip() != above.strip():
            above, below = found, whole
    return Words(re.sub(r"\n{3,}", "\n\n", above).strip(), below.strip())


def _ends(text: str) -> list[int]:
    """Return where a quotation may begin."""
    searched = "\n".join(line if len(line) <= LONGEST_LINE else "" for line in text.split("\n"))
    # Lines that are too long are empty in what is searched, so places are counted in lines.
    found = [HEADERS.search(searched), _OTHERS.search(searched), _MARK.search(searched)]
    lines = [searched[: one.start()].count("\n") for one in found if one is not None]
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [starts[number] for number in lines]


def _unquoted(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not _QUOTED_LINE.match(line))


def _without_headers(text: str) -> str:
    """Drop the line above a quotation, of an answer that stands below it."""
    kept = _OTHERS.sub("", HEADERS.sub("", text[:LONGEST]))
    return "\n".join(line for line in kept.split("\n") if not _MARK.search(line))


def _tidy(text: str) -> str:
    lines = without_control_characters(for_xml(text[:LONGEST])).split("\n")
    stripped = [line.replace("\N{NO-BREAK SPACE}", " ").strip() for line in lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(stripped)).strip()


def _text_of(mail: Message) -> str:
    """Return the text of the first part that has some; of HTML where there is no other."""
    plain, html = "", ""
    for part in mail.walk():
        if part.is_multipart() or part.get_filename() or _is_attached(part):
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and not plain.strip():
            plain = decoded(part)
        elif kind == "text/html" and not html.strip():
            html = decoded(part)
    return plain if plain.strip() else text_of_html(html)


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _charset_of(part: Message) -> str:
    """Return which letters a part is written in, as browsers understand its word for them."""
    named = part.get_content_charset("utf-8")
    try:
        known = codecs.lookup(named).name
    except LookupError:
        return "utf-8"
    return _AS_BROWSERS_DO.get(known, known)


def decoded(part: Message) -> str:
    """Return the text of a part, whatever it says of its characters."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    content = content[:LONGEST_BYTES]
    for charset in (_charset_of(part), "utf-8", "cp1252"):
        try:
            return content.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    return content.decode("cp1252", "ignore")


class _Reader(HTMLParser):
    """Collects the text; lines of quotations begin with ">"."""

    BREAKS = frozenset(
        {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "blockquote", "hr", "table"}
    )
    SILENT = frozenset({"script", "style", "head", "title", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self.silent = self.depth = 0

    def _break(self) -> None:
        if self.lines[-1].strip("> "):
            self.lines.append("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.SILENT:
            self.silent += 1
        if tag in self.BREAKS:
            self._break()
        if tag == "blockquote":
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self.silent = max(0, self.silent - 1)
        if tag in self.BREAKS:
            self._break()
        if tag == "blockquote":
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        words = " ".join(data.split())
        if not words:
            return
        begins = "> " if self.depth and not self.lines[-1] else ""
        gap = " " if self.lines[-1] and data[:1].isspace() else ""
        self.lines[-1] += f"{begins}{gap}{words}{' ' if data[-1:].isspace() else ''}"


def _without_comments(html: str) -> str:
    kept, at = [], 0
    while (begun := html.find("<!--", at)) >= 0:
        kept.append(html[at:begun])
        ended = html.find("-->", begun)
        # One that never ends hides all the rest, as in a browser.
        at = ended + 3 if ended >= 0 else len(html)
    return "".join([*kept, html[at:]])


def _with_whole_tags(html: str) -> str:
    """Return HTML of which every "<" begins a tag that ends.

    Python's reader looks through all the rest for the end of each that does not: minutes for what
    some kilobytes may hold.
    """
    html = _NOT_SAID.sub(" ", _without_comments(html))
    return _NO_TAG.sub("&lt;", html)


def text_of_html(html: str) -> str:
    """Return what an HTML text says, as lines."""
    reader = _Reader()
    reader.feed(_with_whole_tags(html[:LONGEST_HTML]))
    reader.close()
    return "\n".join(reader.lines)
