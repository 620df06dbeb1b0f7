"""Districts, their Träger and their hosts, in the public schema."""

from tenants.districts.models.districts import (
    COLOUR_PATTERN,
    SCHEMA_PATTERN,
    SLUG_PATTERN,
    District,
    whole,
)
from tenants.districts.models.domains import Domain
from tenants.districts.models.moved_hosts import MovedHost
from tenants.districts.models.operators import Operator, PlatformOperator
from tenants.districts.models.querysets import DistrictQuerySet
from tenants.districts.models.states import MOVABLE, Moving, State

__all__ = [
    "COLOUR_PATTERN",
    "MOVABLE",
    "SCHEMA_PATTERN",
    "SLUG_PATTERN",
    "District",
    "DistrictQuerySet",
    "Domain",
    "MovedHost",
    "Moving",
    "Operator",
    "PlatformOperator",
    "State",
    "whole",
]
