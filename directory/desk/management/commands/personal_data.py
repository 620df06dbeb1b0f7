"""A resident's rights on the command line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django_tenants.utils import tenant_context

from directory.desk import subject_data
from tenants.districts.models import District


class Command(BaseCommand):
    """``personal_data (show | erase) EMAIL --district SLUG``"""

    help = "Shows or erases all that a district holds about an e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["show", "erase"])
        parser.add_argument("email")
        parser.add_argument("--district", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(slug=options["district"]).first()
        if district is None:
            raise CommandError(f"There is no district {options['district']}.")
        work = subject_data.collect if options["what"] == "show" else subject_data.erase
        with tenant_context(district):
            found = work(options["email"], actor="command")
        text = json.dumps(found, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
        self.stdout.write(text)
