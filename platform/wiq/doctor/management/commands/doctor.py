"""``doctor``: say what is well, what is not, and what to do about it."""

from argparse import ArgumentParser
from time import monotonic, sleep
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import translation

from wiq.doctor.findings import Seen, Verdict, examine, is_well
from wiq.mail import probe

SIGNS = {Verdict.WELL: "ok", Verdict.UNKNOWN: "??", Verdict.ILL: "!!"}
# The worker sends at once; a slow relay is given its time.
PATIENCE = 60.0


class Command(BaseCommand):
    help = "Look at versions, settings, database, disk, clocks, domains and backups; 1 if ill."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mail", metavar="ADDRESS", help="send a test mail there, and wait")

    def handle(self, *args: Any, mail: str | None = None, **options: Any) -> None:
        with translation.override("en"):
            seen = examine()
            for part in seen:
                self._say(part)
            arrived = self._try_mail(mail) if mail else True
        if not is_well(seen) or not arrived:
            raise CommandError("something is to be done, see !! above", returncode=1)

    def _say(self, part: Seen) -> None:
        for one in part.findings:
            self.stdout.write(f"{SIGNS[one.verdict]}  {part.title}: {one.text}")
            if one.advice:
                self.stdout.write(f"      {one.advice}")

    def _try_mail(self, address: str) -> bool:
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address} is no e-mail address", returncode=2) from error
        number = probe.write(address).uuid
        until = monotonic() + PATIENCE
        while not (fate := probe.fate(number)).is_decided and monotonic() < until:
            sleep(0.2)
        self.stdout.write(f"{'ok' if fate.is_sent else '!!'}  Test mail: {fate.words}")
        return fate.is_sent
