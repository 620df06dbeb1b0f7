"""A district that goes to another installation, step by step, and what a broken-off try leaves.

The other side decides: what it says to serve, it serves. Until it is asked to, this side answers,
and a try that breaks off is let go. From the moment it is asked, nothing is written here any more
until it has answered (docs/decisions/0112-moving-between-installations.md).
"""

import gzip
import time
from collections.abc import Callable
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, cast
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import Error, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.districts.models import District, MovedHost
from tenants.moving import fence, stages, tokens
from tenants.moving.arriving import version
from tenants.moving.models import Direction, Move, Stage
from tenants.moving.packing import pack
from tenants.moving.peer import Peer, Refused, Silent
from tenants.provisioning import functions, removal
from tenants.provisioning.locks import held
from tenants.provisioning.models import Beside, Order
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.database.engine import spreads
from wiq.erasures import services as erasures
from wiq.media.storage import district_files
from wiq.tenancy import PUBLIC

Say = Callable[[str], None]
# The packed rows: little, and much of it the same words.
PACKING = 1


class InTheBalance(RuntimeError):
    """The other side was asked to answer for the district, and has not said whether it does."""


def move(
    district: District, *, other: str, token: str, actor: Actor, say: Say = lambda step: None
) -> Move:
    """Move a district to another installation; what a try that broke off has done is not repeated.

    ``other``: scheme and host of that one's platform. ``token``: what it gave out for this
    district.

    Raises ValidationError where it can't leave, Refused with the other side's words, Silent and
    fence.Restless; then the district is here as before. Raises InTheBalance where nobody knows;
    then nothing is written here, and a repetition or the worker (``mend``) finds out.
    """
    with held(str(district.schema_name)) as is_free:
        if not is_free:
            raise ValidationError(_("An diesem Quartier wird gerade schon gearbeitet."))
        # Whoever is asked to answer there has left, whatever there is to do here.
        if not Move.objects.filter(district_id=district.pk, stage=Stage.DECIDING).exists():
            check(district)
        row = _row(district, other, token, actor)
        return Leaving(row, district, actor, say).run()


def check(district: District) -> None:
    """Raise ValidationError where a district can't leave."""
    if spreads():
        raise ValidationError(
            _("Von mehreren Datenbankservern lässt sich ein Quartier noch nicht umziehen.")
        )
    district.check_up_to_date()
    if Order.objects.open().filter(district_id=district.pk).exists():
        raise ValidationError(_("Ein Quartier mit dieser Adresse wird gerade eingerichtet."))
    restores = Beside.objects.filter(district_id=district.pk)
    if restores.filter(stage=Beside.Stage.FILLING).exists():
        raise ValidationError(_("Für dieses Quartier läuft schon eine Wiederherstellung."))


def _row(district: District, other: str, token: str, actor: Actor) -> Move:
    """Return the move that is under way, or a new one."""
    with schema_context(PUBLIC):
        found: Move | None = Move.objects.leaving().filter(district_id=district.pk).first()
    if found is not None and found.other != other and _was_never_answered(found):
        stages.advance(found, Stage.CALLED_OFF, actor=actor)
        found = None
    if found is not None and found.other != other:
        raise ValidationError(
            _("Dieses Quartier ist schon auf dem Weg zu einer anderen Plattform: %s") % found.other
        )
    if found is not None:
        _note_word(found, token)
        return found
    own = tokens.new()
    begun = Move(
        uuid=uuid4(), direction=Direction.OUT, stage=Stage.OFFERED, slug=district.slug,
        other=other, district_id=district.pk, token=tokens.sealed(token),
        token_digest=tokens.digest_of(own), key_name=_key_name(district),
    )  # fmt: skip
    return stages.begin(begun, actor=actor)


def _was_never_answered(row: Move) -> bool:
    """Tell whether the address of a move was perhaps typed wrong: nobody has answered there yet."""
    return row.stage == Stage.OFFERED and not row.target


def _note_word(row: Move, token: str) -> None:
    """Take another word of the other side, which knows nothing yet of a move that it opens.

    Where it was asked to answer, it does so by the word that it was asked with, and no other.
    """
    if token and row.stage != Stage.DECIDING and token != tokens.opened(row.token):
        stages.note(row, uuid=uuid4(), token=tokens.sealed(token), target="")


def _key_name(district: District) -> str:
    return erasures.name_of_key(erasures.key_of(district))


class Leaving:
    """One try to move a district, whose schema nobody else works at meanwhile."""

    def __init__(self, row: Move, district: District, actor: Actor, say: Say) -> None:
        self.row, self.district, self.actor, self.say = row, district, actor, say
        assert row.uuid is not None
        self.peer = Peer(row.other, row.uuid, tokens.opened(row.token))
        self.began_to_hold = 0.0

    def run(self) -> Move:
        if self.row.stage == Stage.DECIDING:
            self.decide()
            if self.row.stage == Stage.LEFT:
                return self.row
        if self.row.stage == Stage.HELD or self.district.moving:
            self.let_go()
        self.copy_files(self.offer())
        try:
            self.rest()
            there = self.peer.files()
            self.hold()
            self.send_rows(there)
            self.ask_to_serve()
        except BaseException:
            self.break_off()
            raise
        self.decide()
        if self.row.stage != Stage.LEFT:
            raise Refused("the other side has not kept what came")
        return self.row

    def offer(self) -> dict[str, int]:
        """Report the district; return the files that the other side has already."""
        own = tokens.new()
        with schema_context(PUBLIC):
            stages.note(self.row, token_digest=tokens.digest_of(own))
        said = self.peer.offer({
            "slug": self.district.slug, "version": version(), "token": own,
            "key_name": self.row.key_name,
        })  # fmt: skip
        stages.note(self.row, target=said.target)
        return said.files

    def copy_files(self, there: dict[str, int]) -> None:
        """Send the files that are not there yet; visitors go on as before."""
        files = district_files().of(self.district.schema_name)
        missing = [file for file in files.everything() if there.get(file.name) != file.size]
        for number, file in enumerate(missing, start=1):
            self.say(f"file {number} of {len(missing)}")
            # Removed meanwhile; the list that goes with the rows no longer names it.
            with suppress(FileNotFoundError):
                opened = files.read(file.name)
                with opened.content as content:
                    self.peer.send_file(file.name, content, opened.size)

    def rest(self) -> None:
        """Let mails and nightly work of the district wait; visitors notice nothing."""
        self.say("mails and nightly work of the district rest")
        fence.rest(self.district)

    @transaction.atomic
    def _close(self) -> None:
        fence.hold(self.district)
        stages.advance(self.row, Stage.HELD, actor=self.actor)

    def hold(self) -> None:
        """Let nothing be written any more, and wait for who writes."""
        self.began_to_hold = time.monotonic()
        self._close()
        fence.wait_for_writers(self.district)

    def send_rows(self, there: dict[str, int]) -> None:
        """Send all rows, and the files that came since those that are ``there``."""
        with TemporaryFile() as packed:
            with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=PACKING) as target:
                pack(self.district, cast(IO[bytes], target), there=there)
            size = packed.tell()
            packed.seek(0)
            self.say(f"{size} bytes of rows are sent")
            self.peer.send_rows(packed, size)

    def ask_to_serve(self) -> None:
        """Note that the other side may begin to answer; from now on it decides."""
        stages.advance(self.row, Stage.DECIDING, actor=self.actor)

    def decide(self) -> None:
        """Let the other side answer, and leave; or let go where it has nothing to answer with.

        Raises InTheBalance where it does not say.
        """
        try:
            stage = self.peer.stage()
            if stage == Stage.ARRIVED:
                self.let_serve()
                stage = Stage.SERVING
        except (Silent, Refused) as error:
            stages.note(self.row, words=str(error)[:300])
            raise InTheBalance(str(error)) from error
        if stage == Stage.SERVING:
            self.leave()
        else:
            self.let_go()

    def let_serve(self) -> None:
        """Let the other side answer: from here on, both do, and nothing is written here."""
        self.peer.serve()

    def leave(self) -> None:
        """Lead everybody to the new place, and be empty."""
        self._lead_on()
        # What a restore has kept here; by night where this process ends before.
        for beside in Beside.objects.filter(district_id=self.district.pk):
            with suppress(Error), transaction.atomic(), schema_context(PUBLIC):
                functions.drop_schema(beside.schema_name)
                beside.delete()

    def _lead_on(self) -> None:
        lasted = time.monotonic() - self.began_to_hold if self.began_to_hold else None
        with transaction.atomic(), schema_context(PUBLIC):
            for host in self.district.domains.values_list("domain", flat=True):
                # A district that left before may have had this domain of its own.
                MovedHost.objects.update_or_create(
                    host=host,
                    defaults={"target": self.row.target, "key_name": self.row.key_name},
                )
            details = {"target": self.row.target}
            audit.record_change(
                "district.moved_out", self.district, actor=self.actor, details=details
            )
            removal.remove(self.district, reserve_name=False)
            stages.advance(
                self.row, Stage.LEFT, actor=self.actor, words="",
                held_ms=round(lasted * 1000) if lasted is not None else None,
            )  # fmt: skip

    @transaction.atomic
    def let_go(self) -> None:
        """Let everything go on here as before.

        Raises stages.Overtaken where the move is not as far as this row says; then nothing may be
        written that could not be before.
        """
        if self.row.stage != Stage.OFFERED:
            stages.advance(self.row, Stage.OFFERED, actor=self.actor)
        fence.let_go(self.district)

    def break_off(self) -> None:
        """Let go after whatever went wrong before the other side was asked to answer.

        Where the database is away, the worker does it (mending.mend).
        """
        with suppress(Error):
            self.row.refresh_from_db()
            if self.row.stage != Stage.DECIDING:
                self.let_go()
