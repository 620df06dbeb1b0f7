"""Move a district to another installation, without its people noticing."""

import os
import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.districts.models import District
from tenants.moving import leaving, mending
from tenants.moving.fence import Restless
from tenants.moving.models import Move, Stage
from tenants.moving.peer import Refused, Silent, checked

TOKEN = "WIQ_MOVE_TOKEN"  # noqa: S105 (the name of a variable)


class Command(BaseCommand):
    """``move_district SLUG --to URL [--call-off]``"""

    help = (
        "Moves a district to another installation. The word that accept_district printed there is "
        f"asked for, or read from {TOKEN}. Started again, it goes on where it broke off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--to", dest="other", required=True, metavar="URL")
        parser.add_argument("--call-off", action="store_true", help="give up one that broke off")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        try:
            other = checked(options["other"])
            district = District.objects.filter(slug=slug).first()
            if district is None:
                self._tell_where_it_is(slug, other)
                return
            if options["call_off"]:
                called_off = mending.call_off(district, actor="command")
                if called_off.stage == Stage.LEFT:
                    self._tell_of(called_off)
                else:
                    self.stdout.write(f"{slug}: stays here")
                return
            row = leaving.move(
                district, other=other, token=self._token(district), actor="command",
                say=self.stderr.write,
            )  # fmt: skip
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        except (Refused, Silent, Restless, ValueError) as error:
            raise CommandError(f"{slug} is here as before: {error}") from None
        except leaving.InTheBalance as error:
            raise CommandError(
                f"Nobody knows yet who answers for {slug} ({error}). Nothing can be written in it "
                "until that is known. Start this command again, or wait: the worker asks. "
                "With --call-off the other side is asked to forget it."
            ) from None
        self._tell_of(row)

    def _token(self, district: District) -> str:
        """Return the word of the other side; empty where it has opened that one before."""
        if token := os.environ.get(TOKEN, ""):
            return token
        if Move.objects.leaving().filter(district_id=district.pk).exclude(target="").exists():
            return ""
        return getpass("Word of the other side: ") if sys.stdin.isatty() else ""

    def _tell_where_it_is(self, slug: str, other: str) -> None:
        row = Move.objects.filter(slug=slug, other=other, stage=Stage.LEFT).first()
        if row is None:
            raise CommandError(f"There is no district {slug}.")
        self._tell_of(row)

    def _tell_of(self, row: Move) -> None:
        if row.held_ms is not None:
            self.stderr.write(f"nothing could be written for {row.held_ms / 1000:.2f} s")
        self.stdout.write(f"{row.slug}: answers at {row.target}")
