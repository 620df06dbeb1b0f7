"""The base of commands that work on one host: the platform, or one district."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from tenants.districts.services import check_staying


class HostCommand(BaseCommand):
    """A command with either ``--district SLUG`` or ``--platform``."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two options, one of which has to be given."""
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--district", metavar="SLUG")
        where.add_argument("--platform", action="store_true")

    @contextmanager
    def host(self, options: dict[str, Any]) -> Iterator[District | None]:
        """Work in the chosen district's schema, or on the platform (None).

        Raises CommandError for a district that does not exist, or is just moving.
        """
        if options["platform"]:
            yield None
            return
        district = District.objects.filter(slug=options["district"]).first()
        if district is None:
            raise CommandError(f"There is no district {options['district']}.")
        try:
            check_staying(district)
        except ValidationError as error:
            raise CommandError(f"{options['district']}: {'; '.join(error.messages)}") from None
        with tenant_context(district):
            yield district
