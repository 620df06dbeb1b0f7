"""Export a district into one file."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from tenants.transfer.exporting import export_district
from tenants.transfer.file_format import Contents
from wiq.media import waiting


class Command(BaseCommand):
    """``export_district SLUG FILE.zip [--without-personal-data] [--with-secrets]``"""

    help = "Writes a district into a ZIP file that import_district reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--without-personal-data", action="store_true")
        parser.add_argument(
            "--with-secrets", action="store_true",
            help="also password hashes and the secret parts of residents' links",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.select_related("operator").filter(slug=options["slug"]).first()
        if district is None:
            raise CommandError(f"There is no district {options['slug']}.")
        contents = Contents(
            personal_data=not options["without_personal_data"], secrets=options["with_secrets"]
        )
        target: Path = options["file"]
        half = target.with_name(f".{target.name}.half")
        say = self.stderr.write if options["verbosity"] > 1 else lambda line: None
        with tenant_context(district):
            waiting.draw_all()
        try:
            # Readable by its owner only, and moved to its place when it is complete.
            half.touch(mode=0o600)
            with half.open("wb") as opened:
                export_district(district, opened, contents=contents, actor="command", say=say)
            half.rename(target)
        except OSError as error:
            raise CommandError(f"{target}: {error.strerror}") from None
        except ValidationError as error:  # uploaded in this moment
            raise CommandError(" ".join(error.messages)) from None
        finally:
            half.unlink(missing_ok=True)
        self.stdout.write(f"{district.slug}: {target} ({target.stat().st_size} bytes)")
