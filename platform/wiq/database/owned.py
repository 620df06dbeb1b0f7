"""Rows of the public schema that belong to one district: they carry the name of its role.

Row security then compares two words. A policy that looks the district up in another table is one
that engines which spread districts over servers refuse (docs/decisions/0091).
"""

from django.db import models


class CurrentDistrict(models.Func):
    """The role that works, if it is a district's; NULL for the logins."""

    template = "CASE WHEN CURRENT_USER ~ '^d_[0-9a-f]{16}$' THEN CURRENT_USER END"
    output_field = models.CharField(max_length=63)


class OwnedRow(models.Model):
    """A row of which one district is the owner; of the platform's own, nobody is.

    The database writes the owner itself, so an older version that runs beside writes it as well.
    """

    owner = models.CharField(
        max_length=63, null=True, blank=True, editable=False, db_default=CurrentDistrict()
    )

    class Meta:
        abstract = True
