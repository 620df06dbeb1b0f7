"""The template of a district's schema, orders for new districts, and records of removed ones."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves
from wiq.submissions.models import new_token


class TemplateStatement(models.Model):
    """One SQL statement of the template; the first one is a comment with its version."""

    position = models.PositiveIntegerField(primary_key=True)
    words = models.TextField()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "words"

    class Meta:
        verbose_name = _("Anweisung der Vorlage")
        verbose_name_plural = _("Vorlage")
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.words[:60]


class OrderState(models.TextChoices):
    """The state of an order."""

    QUEUED = "queued", _("wartet")
    RUNNING = "running", _("wird eingerichtet")
    DONE = "done", _("fertig")
    FAILED = "failed", _("fehlgeschlagen")


OPEN_ORDERS = (OrderState.QUEUED, OrderState.RUNNING)


class StepName(models.TextChoices):
    """The steps in their order; each runs in a separate transaction."""

    DISTRICT = "district", _("Adresse und Datenbank")
    KIT = "kit", _("Startpaket")
    INVITATION = "invitation", _("Einladung der Koordination")
    FINISH = "finish", _("Abschluss")


class StepState(models.TextChoices):
    """The state of a step."""

    WAITING = "waiting", _("wartet")
    RUNNING = "running", _("läuft")
    DONE = "done", _("erledigt")
    FAILED = "failed", _("fehlgeschlagen")


class OrderQuerySet(models.QuerySet["Order"]):
    """Queries on orders."""

    def open(self) -> "OrderQuerySet":
        """Return those that are neither finished nor given up, the oldest first."""
        return self.filter(state__in=OPEN_ORDERS).order_by("pk")

    def due(self) -> "OrderQuerySet":
        """Return those that are due, by the database's clock."""
        return self.open().filter(next_at__lte=Now())


class Order(models.Model):
    """An order for a district: its data and its progress."""

    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    slug = models.CharField(_("Kurzname"), max_length=40)
    name = models.CharField(_("Name"), max_length=120)
    city = models.CharField(_("Stadt"), max_length=120)
    # Cleared once the invitation is written, because the public schema stores no addresses.
    coordinator = models.EmailField(_("erste Koordination"), blank=True)
    state = models.CharField(
        _("Stand"), max_length=8, choices=OrderState, default=OrderState.QUEUED
    )
    error = models.CharField(_("woran es lag"), max_length=300, blank=True)
    # A number instead of a foreign key, because the order outlives the district.
    district_id = models.BigIntegerField(null=True, blank=True)
    next_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(_("bestellt am"), auto_now_add=True)
    finished_at = models.DateTimeField(_("fertig am"), null=True, blank=True)

    objects: ClassVar = OrderQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        moves_along = False
        visitors_see = False
        plain = "slug name city state error district_id next_at created_at finished_at"
        personal = "coordinator"
        secrets = "token"

    class Meta:
        verbose_name = _("Einrichtung")
        verbose_name_plural = _("Einrichtungen")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            # Of two orders for one name, the database accepts only one.
            models.UniqueConstraint(
                fields=["slug"],
                condition=models.Q(state__in=OPEN_ORDERS),
                name="order_open_once",
                violation_error_message=_(
                    "Ein Quartier mit dieser Adresse wird gerade eingerichtet."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OrderState.values), name="order_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"


class Step(models.Model):
    """One step of an order, as shown to the people who wait for it."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="steps")
    name = models.CharField(_("Schritt"), max_length=12, choices=StepName)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(_("Stand"), max_length=8, choices=StepState, default=StepState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    error = models.CharField(_("woran es lag"), max_length=300, blank=True)
    finished_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "order name position state attempts error finished_at"

    class Meta:
        verbose_name = _("Schritt")
        verbose_name_plural = _("Schritte")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "name"], name="step_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_name_display())


class Unfinished(models.Model):
    """A schema that is created but not filled, or given up but not dropped."""

    schema_name = models.CharField(max_length=63, primary_key=True)
    since = models.DateTimeField(_("seit"), auto_now_add=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "since"

    class Meta:
        verbose_name = _("Unfertiges Quartier")
        verbose_name_plural = _("Unfertige Quartiere")

    def __str__(self) -> str:
        return self.schema_name


class Orphan(models.Model):
    """A schema that no district claims and that nothing we wrote down explains.

    It may be what a restore of the public schema left behind: it is kept until ``since`` lies far
    enough back (tenants.provisioning.orphans).
    """

    schema_name = models.CharField(max_length=63, primary_key=True)
    since = models.DateTimeField(_("seit"), auto_now_add=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "since"

    class Meta:
        verbose_name = _("Schema ohne Quartier")
        verbose_name_plural = _("Schemas ohne Quartier")

    def __str__(self) -> str:
        return self.schema_name


class Beside(models.Model):
    """A schema that stands beside a district's own: to be swapped in, or kept after a swap.

    Nobody reaches it by a host. What the public schema held with it stands in ``details``
    (tenants.restoring).
    """

    class Stage(models.TextChoices):
        """What it is there for."""

        FILLING = "filling", _("wird gefüllt")
        READY = "ready", _("bereit")
        KEPT = "kept", _("aufgehoben")
        FAILED = "failed", _("gescheitert")

    schema_name = models.CharField(max_length=63, primary_key=True)
    district_id = models.BigIntegerField(db_index=True)
    stage = models.CharField(_("Stand"), max_length=8, choices=Stage, default=Stage.FILLING)
    # Where its rows came from, in words for whoever looks at it.
    origin = models.CharField(_("Sicherung"), max_length=300)
    since = models.DateTimeField(_("seit"), auto_now_add=True)
    until = models.DateTimeField(_("wird gelöscht am"))
    # How far it is, or why it failed.
    words = models.CharField(_("Stand"), max_length=500, blank=True)
    comparison = models.JSONField(default=list)
    details = models.JSONField(default=dict)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        # What stands beside a district is for coming back here.
        moves_along = False
        plain = "district_id stage origin since until words comparison details"

    class Meta:
        verbose_name = _("Schema neben einem Quartier")
        verbose_name_plural = _("Schemas neben Quartieren")
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["filling", "ready", "kept", "failed"]),
                name="beside_stage_known",
            ),
        ]

    def __str__(self) -> str:
        return self.origin


class Removal(models.Model):
    """The record of a removed district, without personal data. Its name stays reserved."""

    slug = models.CharField(_("Kurzname"), max_length=40)
    city = models.CharField(_("Stadt"), max_length=120)
    was_made_on = models.DateField(_("angelegt am"))
    removed_at = models.DateTimeField(_("entfernt am"), auto_now_add=True)
    reserved_until = models.DateField(_("Name frei ab"))
    counts = models.JSONField(_("was es gab"), default=dict)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "slug city was_made_on removed_at reserved_until counts"

    class Meta:
        verbose_name = _("Entferntes Quartier")
        verbose_name_plural = _("Entfernte Quartiere")
        ordering: ClassVar = ["-removed_at"]

    def __str__(self) -> str:
        return self.slug
