"""A district that comes from another installation: expected, offered, there, and answering here.

Each function is one step that the other side asks for; asked twice, it is done once. Until
``serve`` the former place alone answers for the district.
"""

import gzip
import hashlib
import json
import zlib
from datetime import timedelta
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.districts import moves
from tenants.districts.models import District, MovedHost, Moving
from tenants.moving import rows, stages, tokens
from tenants.moving.models import Direction, Move, Stage
from tenants.moving.peer import Peer, Refused, Silent, checked
from tenants.moving.unpacking import Bounded, BrokenOff, check_name, unpack
from tenants.provisioning import names, removal
from tenants.provisioning.services import new_schema_name
from wiq.actors import Actor
from wiq.database import standing
from wiq.database.engine import spreads
from wiq.media.storage import district_files
from wiq.tenancy import PUBLIC
from wiq.web.hosts import origin

ACTOR = "move"
# Packed, a twentieth may be sent (body_limits); what swells up further was made to fill a disk.
MOST_UNPACKED = 2_000_000_000
# So long a token waits for its district.
DAYS = 7


def version() -> str:
    """Return a digest of all migrations of this code: who has the same one has the same tables."""
    return hashlib.sha256(json.dumps(sorted(standing.needed())).encode()).hexdigest()


def expect(slug: str, *, other: str, actor: Actor) -> str:
    """Agree to take a district; return the word that whoever moves it has to type there.

    ``other``: the installation from which it comes. A former word for this name is worth nothing
    any more. Raises ValidationError for a name that is none, or while it is on its way already.
    """
    names.check_form(slug)
    if spreads():
        raise ValidationError(
            _("Auf mehrere Datenbankserver lässt sich ein Quartier noch nicht umziehen.")
        )
    try:
        other = checked(other)
    except ValueError as error:
        raise ValidationError(str(error)) from None
    with schema_context(PUBLIC):
        # Nothing but files can have come of these; the other side is told when it asks next.
        for former in Move.objects.coming().filter(slug=slug).exclude(stage=Stage.ARRIVED):
            take_back(former)
        token = tokens.new()
        move = Move(
            direction=Direction.IN, stage=Stage.EXPECTED, slug=slug, other=other,
            token_digest=tokens.digest_of(token),
        )  # fmt: skip
        stages.begin(move, actor=actor)
    return token


def offer(move: Move, number: UUID, said: dict[str, Any]) -> Move:
    """Take note that an expected district comes, with what its place says of it.

    Whatever came of it before is taken back: it begins anew. Raises ValidationError where it can't
    be taken.
    """
    if move.uuid not in (None, number) or said["slug"] != move.slug:
        raise ValidationError(_("Diese Zusage gilt für ein anderes Quartier."))
    if said["version"] != version():
        raise ValidationError(
            _("Beide Plattformen brauchen dieselbe Version. Bitte zuerst aktualisieren.")
        )
    if move.stage not in (Stage.EXPECTED, Stage.OFFERED, Stage.ARRIVED):
        raise ValidationError(_("Dieser Umzug ist schon vorbei."))
    if Move.objects.filter(uuid=number).exclude(pk=move.pk).exists():
        raise ValidationError(
            _("Diesen Umzug gab es hier schon. Bitte brechen Sie ihn ab und beginnen Sie neu.")
        )
    former = move.schema_name
    # Also rows that came whole while this process died before it could say so.
    has_come = bool(former) and District.objects.filter(schema_name=former).exists()
    starts_anew = not former or has_come or move.stage == Stage.ARRIVED
    # First the stage, by which a word to answer that comes at this moment finds nothing.
    stages.advance(
        move, Stage.OFFERED, actor=ACTOR, uuid=number, key_name=said["key_name"],
        token=tokens.sealed(said["token"]), district_id=None,
        schema_name=new_schema_name() if starts_anew else former,
    )  # fmt: skip
    if former and starts_anew:
        removal.take_back(former)
    names.check_slug(move.slug, key_name=said["key_name"])
    return move


def target(move: Move) -> str:
    """Return where the district will answer here: scheme and host."""
    return origin(f"{move.slug}.{settings.WIQ_DOMAIN}")


def files(move: Move) -> dict[str, int]:
    """Return the names and sizes in bytes of the files that have come so far."""
    if move.direction != Direction.IN or move.stage != Stage.OFFERED:
        return {}
    return {file.name: file.size for file in district_files().of(move.schema_name).everything()}


def keep_file(move: Move, name: str, content: IO[bytes]) -> None:
    """Keep a file of the district; one of the same name is replaced. Raises ValidationError."""
    _check_stage(move, Stage.OFFERED)
    try:
        check_name(name)
    except BrokenOff as error:
        raise ValidationError(str(error)) from None
    kept = district_files().of(move.schema_name)
    if kept.exists(name):
        kept.delete(name)
    kept.save(name, File(content, name=name))


def take_rows(move: Move, packed: IO[bytes]) -> None:
    """Write a district's rows, which nobody reaches yet. Raises ValidationError; then none stay."""
    _check_stage(move, Stage.OFFERED)
    try:
        with gzip.open(packed) as source:
            district, own = unpack(
                cast(IO[bytes], Bounded(source, MOST_UNPACKED)), actor=ACTOR, slug=move.slug,
                schema_name=move.schema_name,
            )  # fmt: skip
    except (BrokenOff, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValidationError(str(error)) from None
    former = {name: own[name] for name in ("state", "state_since", "own_host")}
    stages.advance(
        move, Stage.ARRIVED, actor=ACTOR, district_id=district.pk, former=former,
        key_name=rows.key_name(own),
    )  # fmt: skip


def serve(move: Move) -> None:
    """Let a district that has arrived answer here from now on, as it did where it was.

    Raises ValidationError where there is none; then the former place may let it go on.
    """
    if move.stage == Stage.SERVING:
        return
    _check_stage(move, Stage.ARRIVED)
    with schema_context(PUBLIC):
        district = District.objects.filter(pk=move.district_id).first()
    if district is None:
        take_back(move)
        raise ValidationError(_("Dieses Quartier ist nicht mehr da."))
    _answer(move, district)


@transaction.atomic
def _answer(move: Move, district: District) -> None:
    with schema_context(PUBLIC):
        MovedHost.objects.filter(key_name=move.key_name).delete()
        since = parse_datetime(str(move.former["state_since"])) or timezone.now()
        moves.settle(district, str(move.former["state"]), since=since, actor=ACTOR)
        stages.advance(move, Stage.SERVING, actor=ACTOR)


def take_back(move: Move) -> None:
    """Forget a district that does not come after all. Raises ValidationError if it answers here."""
    if move.stage == Stage.CALLED_OFF:
        return
    if move.stage == Stage.SERVING:
        raise ValidationError(_("Dieser Umzug ist schon vorbei."))
    schema_name = move.schema_name
    stages.advance(move, Stage.CALLED_OFF, actor=ACTOR)
    if schema_name:
        removal.take_back(schema_name)


def _check_stage(move: Move, stage: Stage) -> None:
    if move.stage != stage:
        raise ValidationError(_("Dieser Umzug ist gerade nicht so weit."))


def as_told(move: Move) -> dict[str, Any]:
    """Return how far a move is, for the other side."""
    return {
        "stage": str(move.stage), "slug": move.slug, "target": target(move), "files": files(move),
    }  # fmt: skip


def ask_back(move: Move) -> None:
    """Ask the other side about a move of which one hears nothing; forget one that it gave up."""
    assert move.uuid is not None
    peer = Peer(move.other, move.uuid, tokens.opened(move.token))
    try:
        given_up = peer.stage() == Stage.CALLED_OFF
    except Refused:
        given_up = True
    except Silent as error:
        stages.note(move, words=str(error)[:300])
        return
    if given_up:
        take_back(move)


def forget_old() -> int:
    """Let words lapse that nobody has used in time; return how many."""
    limit = timezone.now() - timedelta(days=DAYS)
    old = list(Move.objects.coming().filter(stage=Stage.EXPECTED, since__lt=limit))
    for move in old:
        stages.advance(move, Stage.CALLED_OFF, actor=ACTOR)
    return len(old)


def forget_lost() -> int:
    """Remove what has arrived for a move that is over, and could not be removed then."""
    wanted = Move.objects.coming().values("schema_name")
    lost = District.objects.filter(moving=Moving.ARRIVING).exclude(schema_name__in=wanted)
    names_of_lost = list(lost.values_list("schema_name", flat=True))
    for schema_name in names_of_lost:
        removal.take_back(schema_name)
    return len(names_of_lost)
