"""The one writer of how far a move is."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from tenants.moving.models import OVER, Move, Stage
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC


class Overtaken(RuntimeError):
    """Somebody else has taken this move further meanwhile."""


@transaction.atomic
def begin(move: Move, *, actor: Actor) -> Move:
    """Write a move that begins. Raises ValidationError where one for this name is under way."""
    with schema_context(PUBLIC):
        move.validate_constraints()
        move.save(force_insert=True)
        details = {"to": str(move.stage), "other": move.other}
        audit.record_change("move.stage", move, actor=actor, details=details)
    return move


@transaction.atomic
def advance(move: Move, stage: Stage, *, actor: Actor, **values: Any) -> None:
    """Take a move from the stage that this row knows to the next one.

    Raises Overtaken where it is elsewhere by now. What is over is opened by no word any more.
    """
    values |= {"stage": stage, "changed_at": timezone.now()}
    if stage in OVER:
        values |= {"token": ""}
    with schema_context(PUBLIC):
        if not Move.objects.filter(pk=move.pk, stage=move.stage).update(**values):
            raise Overtaken(f"{move.slug}: no longer {move.stage}")
        for name, value in values.items():
            setattr(move, name, value)
        details = {"to": str(stage), "other": move.other}
        audit.record_change("move.stage", move, actor=actor, details=details)


def note(move: Move, **values: Any) -> None:
    """Write what a move has learnt on its way, in the stage that it is in."""
    with schema_context(PUBLIC):
        Move.objects.filter(pk=move.pk).update(**values)
    for name, value in values.items():
        setattr(move, name, value)
