"""Collect the German sentences, keep their English translations, compile them.

Babel reads the sources, so that neither the command nor lint needs GNU gettext.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

FOLDERS = ("platform", "tenants", "directory", "api")
KEYWORDS = dict.fromkeys(("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"))


def sentences(root: Path) -> Iterator[tuple[str, Any]]:
    """Yield each sentence to translate with the file that contains it."""
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".py", ".html", ".txt") or "migrations" in file.parts:
                continue
            if file.suffix != ".py" and "templates" not in file.parts:
                continue
            source = file.read_text(encoding="utf-8")
            if file.suffix != ".py":
                # What templatize leaves keeps the indentation of HTML, which Python can't parse.
                source = re.sub(r"^[ \t]+", "", templatize(source), flags=re.MULTILINE)
            name = file.relative_to(root).as_posix()
            for _line, function, message, _comments in extract_python(
                io.BytesIO(source.encode()), KEYWORDS, [], {}
            ):
                arguments = message if isinstance(message, tuple) else (message,)
                if arguments[0]:
                    plural = str(function).startswith("ngettext")
                    yield name, tuple(arguments[:2]) if plural else arguments[0]


def collect(root: Path, known: Catalog) -> Catalog:
    """Return a catalogue of all sentences, with their known translations."""
    # A fixed date: the current one would change the file on every run.
    began = datetime(2026, 11, 1, tzinfo=UTC)
    catalog = Catalog(
        locale="en",
        domain="django",
        fuzzy=False,
        project="wiq-platform",
        version="1",
        header_comment="# English translations of the platform. Made by `manage messages`.",
        creation_date=began,
        revision_date=began,
        last_translator="the project",
        language_team="the project",
        msgid_bugs_address="",
    )
    for name, message in sentences(root):
        first = message[0] if isinstance(message, tuple) else message
        old = known.get(first)
        string = old.string if old is not None else ""
        catalog.add(message, string=string or "", locations=[(name, 0)])
    return catalog


class Command(BaseCommand):
    """``messages [--check]``: update ``locale/en`` from the sources."""

    help = "Collects the sentences to translate and compiles the English ones."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, fail if stale")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES"
        texts, compiled = folder / "django.po", folder / "django.mo"
        known = Catalog(locale="en")
        if texts.exists():
            with texts.open("rb") as file:
                known = read_po(file, locale="en")
        catalog = collect(Path(settings.BASE_DIR), known)
        missing = [entry.id for entry in catalog if entry.id and not _translated(entry.string)]
        po, mo = io.BytesIO(), io.BytesIO()
        write_po(po, catalog, width=100, sort_output=True, omit_header=False)
        write_mo(mo, catalog)
        if options["check"]:
            if missing:
                raise CommandError(f"Not translated: {missing[:10]}")
            if not texts.exists() or po.getvalue() != texts.read_bytes():
                raise CommandError("django.po is stale; run `python3 run.py manage messages`.")
            if mo.getvalue() != compiled.read_bytes():
                raise CommandError("django.mo is stale; run `python3 run.py manage messages`.")
            return
        folder.mkdir(parents=True, exist_ok=True)
        texts.write_bytes(po.getvalue())
        compiled.write_bytes(mo.getvalue())
        for sentence in missing:
            self.stdout.write(f"not translated: {sentence}")


def _translated(string: Any) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)
