"""A folder as it is now: its documents with their texts, versions, signatures and gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils import translation
from django.utils.html import format_html_join
from django_tenants.utils import schema_context

from tenants.accountability import facts as facts_of
from tenants.accountability import missing as missing_in
from tenants.accountability.documents import (
    BY_KEY,
    CONTRACT,
    Document,
    of_folder,
    short_mark,
    text_of,
)
from tenants.accountability.missing import Missing
from tenants.accountability.models import PLATFORM, Signature, Version
from tenants.districts.models import District
from wiq.tenancy import PUBLIC


@dataclass(frozen=True)
class Folder:
    """The folder of one district, or of the platform: its number, facts and gaps."""

    number: int
    facts: Mapping[str, Any]
    missing: list[Missing]

    @property
    def title(self) -> str:
        """What the sheets say it is about."""
        return str(self.facts["here"])

    @property
    def author(self) -> str:
        return str(self.facts["traeger"].name)


@dataclass(frozen=True)
class Sheet:
    """One document of a folder as it is now, beside what was kept of it."""

    document: Document
    text: str
    missing: list[Missing]
    # Newest first.
    versions: list[Version]
    signatures: list[Signature]

    @property
    def mark(self) -> str:
        """The short mark that stands on the PDF of this very text."""
        return short_mark(self.text)

    @property
    def latest(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def signed(self) -> Signature | None:
        """The newest signature, whatever version it stands under."""
        return self.signatures[0] if self.signatures else None

    @property
    def is_changed(self) -> bool:
        """Whether it says something else now than when it was last kept."""
        return self.latest is not None and self.latest.text != self.text

    @property
    def is_signed_as_it_is(self) -> bool:
        return self.signed is not None and self.signed.version.text == self.text


def of_district(district: District) -> Folder:
    """Return a district's folder."""
    facts = facts_of.of_district(district)
    return Folder(district.pk, facts, missing_in.of_district(district, facts))


def of_platform() -> Folder:
    """Return the platform's own folder."""
    return Folder(PLATFORM, facts_of.of_platform(), missing_in.of_platform())


def sheets(folder: Folder) -> list[Sheet]:
    """Return all documents of a folder."""
    kept_of_it = _kept(folder.number)
    return [_sheet(folder, document, *kept_of_it) for document in of_folder(folder.facts)]


def sheet(folder: Folder, key: str) -> Sheet:
    """Return one document of a folder. Raises Http404 for one that it does not have."""
    document = BY_KEY.get(key)
    if document is None or document not in of_folder(folder.facts):
        raise Http404
    return _sheet(folder, document, *_kept(folder.number))


@dataclass(frozen=True)
class Kept:
    """A version that was kept, the one before it, and who signed it."""

    document: Document
    version: Version
    before: Version | None
    signatures: list[Signature]

    @property
    def mark(self) -> str:
        return short_mark(self.version.text)


def kept(folder: Folder, key: str, number: int) -> Kept:
    """Return a kept version of a document of a folder. Raises Http404 for one that is not there."""
    one = sheet(folder, key)
    return _version(one.document, one.versions, one.signatures, number)


def kept_contract(district: District, number: int) -> Kept:
    """Return a version of a district's contract, as its other side keeps it.

    Raises Http404 for one that is not there. Reads nothing of the district's schema.
    """
    versions, signatures = _kept(district.pk)
    return _version(
        BY_KEY[CONTRACT],
        [one for one in versions if one.document == CONTRACT],
        [one for one in signatures if one.version.document == CONTRACT],
        number,
    )


def _version(
    document: Document, versions: list[Version], signatures: list[Signature], number: int
) -> Kept:
    older = [version for version in versions if version.number <= number]
    if not older or older[0].number != number:
        raise Http404
    signed = [one for one in signatures if one.version == older[0]]
    return Kept(document, older[0], older[1] if older[1:] else None, signed)


def whole(folder: Folder) -> str:
    """Return all documents as one text, each under its title."""
    with translation.override("de"):
        parts = [f"<h1>{one.document.title}</h1>\n{one.text}" for one in sheets(folder)]
    return f"<div>{_missing(folder)}{''.join(parts)}</div>"


def _missing(folder: Folder) -> str:
    """Return what the whole folder lacks, for its first page; nothing if it lacks nothing."""
    words = dict.fromkeys(one.words for one in folder.missing)
    if not words:
        return ""
    lines = format_html_join("\n", "<li>{}</li>", ((one,) for one in words))
    return f"<h2>Das fehlt noch</h2><ul>{lines}</ul>"


def _kept(number: int) -> tuple[list[Version], list[Signature]]:
    with schema_context(PUBLIC):
        versions = list(Version.objects.of(number))
        signatures = Signature.objects.filter(version__district=number)
        return versions, list(signatures.select_related("version"))


def _sheet(
    folder: Folder, document: Document, versions: list[Version], signatures: list[Signature]
) -> Sheet:
    key = document.key
    return Sheet(
        document,
        text_of(document, folder.facts),
        missing_in.for_document(document, folder.missing),
        [one for one in versions if one.document == key],
        [one for one in signatures if one.version.document == key],
    )
