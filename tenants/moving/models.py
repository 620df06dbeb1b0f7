"""How far a district is on its way to or from another installation, as each side sees it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class Direction(models.TextChoices):
    """Whether the district leaves this installation or comes to it."""

    OUT = "out", _("zieht fort")
    IN = "in", _("kommt her")


class Stage(models.TextChoices):
    """How far a move is. Only tenants.moving.stages writes it."""

    # In: somebody here has said yes, and given out a token.
    EXPECTED = "expected", _("wird erwartet")
    # Both: the other side knows of it, files are copied. This installation, or the former one,
    # answers as before.
    OFFERED = "offered", _("Dateien werden kopiert")
    # Out: nothing can be written. In: the rows are there, and nobody reaches them.
    HELD = "held", _("Daten werden kopiert")
    ARRIVED = "arrived", _("angekommen")
    # Out: the other side is told to answer, and may have begun to.
    DECIDING = "deciding", _("wird umgeschaltet")
    # Over: the other side answers (out), or this one (in).
    LEFT = "left", _("fortgezogen")
    SERVING = "serving", _("hergezogen")
    CALLED_OFF = "called_off", _("abgebrochen")


OVER = (Stage.LEFT, Stage.SERVING, Stage.CALLED_OFF)


class MoveQuerySet(models.QuerySet["Move"]):
    """Queries on moves."""

    def under_way(self) -> "MoveQuerySet":
        """Return those that are not over."""
        return self.exclude(stage__in=OVER)

    def leaving(self) -> "MoveQuerySet":
        """Return those of districts that leave, and are still here."""
        return self.under_way().filter(direction=Direction.OUT)

    def coming(self) -> "MoveQuerySet":
        """Return those of districts that are to come."""
        return self.under_way().filter(direction=Direction.IN)


class Move(models.Model):
    """A move of one district between this installation and another one."""

    # Drawn by the side that it leaves; unknown here until that one reports.
    uuid = models.UUIDField(unique=True, null=True, editable=False)
    direction = models.CharField(_("Richtung"), max_length=3, choices=Direction)
    stage = models.CharField(_("Stand"), max_length=10, choices=Stage)
    slug = models.CharField(_("Kurzname"), max_length=40)
    # The other installation's platform: scheme and host.
    other = models.CharField(_("andere Installation"), max_length=300)
    district_id = models.BigIntegerField(null=True, editable=False)
    # In: the schema that is to be, under whose name files are kept already.
    schema_name = models.CharField(max_length=63, blank=True, editable=False)
    # What opens the other side, sealed, and the digest of what opens this one.
    token = models.CharField(max_length=300, blank=True, editable=False)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    # By what the district is known again.
    key_name = models.CharField(max_length=16, blank=True, editable=False)
    # Out: where it answers afterwards, scheme and host.
    target = models.CharField(_("neue Adresse"), max_length=300, blank=True)
    # In: the state in which it was, since when, and its own domain, which may lead here later.
    former = models.JSONField(default=dict, editable=False)
    words = models.CharField(_("woran es lag"), max_length=300, blank=True)
    # Out: how long nothing could be written, in milliseconds.
    held_ms = models.PositiveIntegerField(_("ruhte so viele Millisekunden"), null=True)
    since = models.DateTimeField(_("seit"), auto_now_add=True)
    changed_at = models.DateTimeField(_("zuletzt"), auto_now=True)

    objects: ClassVar = MoveQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        moves_along = False
        plain = (
            "uuid direction stage slug other district_id schema_name key_name target words "
            "held_ms former since changed_at"
        )
        secrets = "token token_digest"

    class Meta:
        verbose_name = _("Umzug")
        verbose_name_plural = _("Umzüge")
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="move_stage_known"),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="move_direction_known"
            ),
            # Nobody moves to two places, and nobody is expected twice.
            models.UniqueConstraint(
                fields=["slug"], condition=~Q(stage__in=OVER), name="move_under_way_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.get_stage_display()})"
