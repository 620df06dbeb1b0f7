"""Districts, their Träger and their hosts, in the public schema."""

from tenants.districts.models.districts import (
    COLOUR_PATTERN,
    MOVABLE,
    SCHEMA_PATTERN,
    SLUG_PATTERN,
    District,
    DistrictQuerySet,
    State,
    whole,
)
from tenants.districts.models.domains import Domain
from tenants.districts.models.operators import Operator, PlatformOperator

__all__ = [
    "COLOUR_PATTERN",
    "MOVABLE",
    "SCHEMA_PATTERN",
    "SLUG_PATTERN",
    "District",
    "DistrictQuerySet",
    "Domain",
    "Operator",
    "PlatformOperator",
    "State",
    "whole",
]
