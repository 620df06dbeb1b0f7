"""The end of moves whose process is gone, or whose operator gives them up."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.districts.models import District
from tenants.moving import fence, stages, tokens
from tenants.moving.leaving import InTheBalance, Leaving
from tenants.moving.models import Move, Stage
from tenants.moving.peer import Peer, Refused, Silent
from tenants.provisioning.locks import held
from wiq.actors import Actor
from wiq.tenancy import PUBLIC


def call_off(district: District, *, actor: Actor) -> Move:
    """Give up a move that is under way; the other side forgets what came.

    Returns how it stands afterwards: called off, or left where the other side answers already.
    Raises ValidationError where there is none, or while its process is at work, and InTheBalance
    where the other side was asked to answer and does not say whether it forgets.
    """
    with held(str(district.schema_name)) as is_free:
        if not is_free:
            raise ValidationError(
                _(
                    "An diesem Quartier wird gerade schon gearbeitet. Bitte halten Sie das zuerst an."
                )
            )
        with schema_context(PUBLIC):
            row: Move | None = Move.objects.leaving().filter(district_id=district.pk).first()
        if row is None:
            raise ValidationError(_("Dieses Quartier zieht gerade nicht um."))
        if row.stage == Stage.DECIDING:
            _take_back_the_word(row, district, actor)
        if row.stage != Stage.LEFT:
            peer = _peer(row)
            _stay(row, district, actor)
            # It asks us later by itself.
            with suppress(Silent, Refused):
                peer.call_off()
        return row


def _take_back_the_word(row: Move, district: District, actor: Actor) -> None:
    """Ask the other side to forget what it may answer with already; leave where it does answer."""
    try:
        _peer(row).call_off()
    except Silent as error:
        raise InTheBalance(str(error)) from error
    except Refused:  # it answers already, and says so next
        pass
    Leaving(row, district, actor, lambda step: None).decide()


@transaction.atomic
def _stay(row: Move, district: District, actor: Actor) -> None:
    stages.advance(row, Stage.CALLED_OFF, actor=actor)
    fence.let_go(district)


def _peer(row: Move) -> Peer:
    assert row.uuid is not None
    return Peer(row.other, row.uuid, tokens.opened(row.token))


def mend(row: Move) -> None:
    """Bring a move to an end that its process has left: let go, or find out who answers."""
    district = District.objects.filter(pk=row.district_id).first()
    if district is None:
        # Removed meanwhile; else nobody could have this name again, and the other side waits.
        stages.advance(row, Stage.CALLED_OFF, actor="move")
        return
    with held(str(district.schema_name)) as is_free:
        if not is_free:  # its process lives
            return
        row.refresh_from_db()
        leaving = Leaving(row, district, "move", lambda step: None)
        if row.stage == Stage.DECIDING:
            with suppress(InTheBalance):
                leaving.decide()
        elif row.stage == Stage.HELD or (row.stage == Stage.OFFERED and district.moving):
            leaving.let_go()
