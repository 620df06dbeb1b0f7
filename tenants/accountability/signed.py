"""Which district signed which version, for the project team: read in the public schema alone."""

from dataclasses import dataclass
from typing import Any

from tenants.accountability.documents import BY_KEY
from tenants.accountability.facts import GAP
from tenants.accountability.models import Signature, Version
from tenants.districts.models import District


@dataclass(frozen=True)
class Signed:
    """The newest signature under a document of a district."""

    title: Any
    signature: Signature
    # A newer version was kept than the one that was signed.
    is_outdated: bool
    # The text lacked something when it was signed.
    is_incomplete: bool


@dataclass(frozen=True)
class DistrictSigned:
    """A district with what it signed."""

    district: District
    documents: tuple[Signed, ...]


def all_signed() -> list[DistrictSigned]:
    """Return all districts with what they signed, by name, in four queries."""
    newest: dict[tuple[int, str], Signature] = {}
    signatures = Signature.objects.select_related("version").defer("version__text")
    for one in signatures.order_by("recorded_at", "pk"):
        newest[one.version.district, one.version.document] = one
    latest = {
        (one.district, one.document): one.number
        for one in Version.objects.defer("text").order_by("number")
    }
    lacking = set(Version.objects.filter(text__contains=GAP).values_list("pk", flat=True))
    found: dict[int, list[Signed]] = {}
    for (number, key), one in newest.items():
        title = BY_KEY[key].title if key in BY_KEY else key
        is_outdated = latest[number, key] > one.version.number
        made = Signed(title, one, is_outdated, one.version_id in lacking)
        found.setdefault(number, []).append(made)
    return [
        DistrictSigned(district, tuple(found.get(district.pk, ())))
        for district in District.objects.holding_data().order_by("name", "pk")
    ]
