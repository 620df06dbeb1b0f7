"""Which district signed which version, for the project team: read in the public schema alone."""

from dataclasses import dataclass

from tenants.accountability.facts import GAP
from tenants.accountability.models import Signature, Version
from tenants.districts.models import District


@dataclass(frozen=True)
class DistrictSigned:
    """A district with its newest signature under each document."""

    district: District
    signatures: tuple[Signature, ...]
    # Keys of documents of which a newer version was kept than the one that was signed.
    outdated: frozenset[str]
    # Keys of documents that lacked something when they were signed.
    incomplete: frozenset[str]


def all_signed() -> list[DistrictSigned]:
    """Return all districts with what they signed, by name, in four queries."""
    newest: dict[tuple[int, str], Signature] = {}
    for one in Signature.objects.select_related("version").order_by("recorded_at", "pk"):
        newest[one.version.district, one.version.document] = one
    latest = {
        (one.district, one.document): one.number
        for one in Version.objects.defer("text").order_by("number")
    }
    lacking = set(Version.objects.filter(text__contains=GAP).values_list("pk", flat=True))
    found: list[DistrictSigned] = []
    for district in District.objects.holding_data().order_by("name", "pk"):
        mine = {key[1]: one for key, one in newest.items() if key[0] == district.pk}
        outdated = {
            key for key, one in mine.items() if latest[district.pk, key] > one.version.number
        }
        incomplete = {key for key, one in mine.items() if one.version_id in lacking}
        found.append(
            DistrictSigned(
                district, tuple(mine.values()), frozenset(outdated), frozenset(incomplete)
            )
        )
    return found
