"""The numbers of districts: current ones, daily ones, and alarms."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.districts.models import District
from wiq.declared import Leaves


class Numbers(models.Model):
    """What is counted in a district: numbers and days, so no personal data leaves its schema."""

    people = models.PositiveIntegerField(_("gezeigte Menschen"), default=0)
    teams = models.PositiveIntegerField(_("Teams"), default=0)
    solution_teams = models.PositiveIntegerField(_("Lösungsteams"), default=0)
    unconfirmed = models.PositiveIntegerField(_("lange nicht bestätigt"), default=0)
    requests_open = models.PositiveIntegerField(_("offene Anfragen"), default=0)
    requests_overdue = models.PositiveIntegerField(_("überfällige Anfragen"), default=0)
    oldest_days = models.PositiveIntegerField(_("älteste offene, in Tagen"), default=0)
    ideas_open = models.PositiveIntegerField(_("offene Ideen"), default=0)
    requests_total = models.PositiveIntegerField(_("Anfragen bisher"), default=0, db_default=0)
    ideas_total = models.PositiveIntegerField(_("Ideen bisher"), default=0, db_default=0)
    # Of what came in 30 days: whose day of an answer has come, and who had one by then.
    answers_due = models.PositiveIntegerField(
        _("Antworten fällig in 30 Tagen"), default=0, db_default=0
    )
    answers_in_time = models.PositiveIntegerField(_("davon rechtzeitig"), default=0, db_default=0)
    mails_stuck = models.PositiveIntegerField(_("E-Mails, die nicht ankommen"), default=0)
    mails_sent = models.PositiveIntegerField(_("E-Mails in 7 Tagen"), default=0, db_default=0)
    mails_returned = models.PositiveIntegerField(
        _("zurückgekommen in 7 Tagen"), default=0, db_default=0
    )
    mails_complained = models.PositiveIntegerField(
        _("als Spam gemeldet in 7 Tagen"), default=0, db_default=0
    )
    last_sign_in = models.DateField(_("zuletzt angemeldet"), null=True)
    kit_version = models.PositiveIntegerField(_("Startpaket"), default=0)
    schema_version = models.PositiveIntegerField(_("Migrationen"), default=0)
    bytes_stored = models.PositiveBigIntegerField(_("Speicher in Bytes"), default=0)

    class Meta:
        abstract = True

    @property
    def in_time(self) -> int:
        """Return the share of answers in time, in percent; 100 where none was due."""
        due = self.answers_due
        return round(100 * self.answers_in_time / due) if due else 100


class Vital(Numbers):
    """The current numbers of a district."""

    district = models.OneToOneField(
        District, models.CASCADE, related_name="vital", verbose_name=_("Quartier")
    )
    counted_at = models.DateTimeField(_("gezählt"), auto_now=True)

    class Data:
        leaves = Leaves.NEVER
        moves_along = False
        visitors_see = False
        plain = (
            "people teams solution_teams unconfirmed requests_open requests_overdue "
            "oldest_days ideas_open requests_total ideas_total answers_due answers_in_time mails_stuck mails_sent mails_returned mails_complained "
            "last_sign_in kit_version schema_version bytes_stored district counted_at"
        )

    class Meta:
        verbose_name = _("Quartier im Blick")
        verbose_name_plural = _("Quartiere im Blick")
        ordering: ClassVar = ["district__name"]

    def __str__(self) -> str:
        return str(self.district)


class Snapshot(Numbers):
    """The numbers of a district on one day, for the charts over time."""

    district = models.ForeignKey(District, models.CASCADE, related_name="snapshots")
    day = models.DateField()

    class Data:
        leaves = Leaves.NEVER
        moves_along = False
        visitors_see = False
        plain = (
            "people teams solution_teams unconfirmed requests_open requests_overdue "
            "oldest_days ideas_open requests_total ideas_total answers_due answers_in_time mails_stuck mails_sent mails_returned mails_complained "
            "last_sign_in kit_version schema_version bytes_stored district day"
        )

    class Meta:
        verbose_name = _("Stand eines Tages")
        verbose_name_plural = _("Stände der Tage")
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "day"], name="snapshot_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.district} {self.day}"


# What an alarm that no district has is about.
PLATFORM = _("Plattform")


class AlarmKind(models.TextChoices):
    """The kinds of alarms."""

    OVERDUE = "overdue", _("Anfragen warten zu lange")
    MAILS = "mails", _("E-Mails kommen nicht an")
    REPUTATION = "reputation", _("zu viele E-Mails kommen zurück oder gelten als Spam")
    SILENT = "silent", _("seit 60 Tagen hat sich niemand angemeldet")


class AlarmQuerySet(models.QuerySet["Alarm"]):
    """Queries on alarms."""

    def open(self) -> "AlarmQuerySet":
        """Return those whose reason is still there."""
        return self.filter(ended_at__isnull=True)


class Alarm(models.Model):
    """What needs attention in a district, or (without one) on the platform: since when, and who."""

    district = models.ForeignKey(District, models.CASCADE, null=True, related_name="alarms")
    kind = models.CharField(_("was"), max_length=10, choices=AlarmKind)
    since = models.DateTimeField(_("seit"), auto_now_add=True)
    ended_at = models.DateTimeField(_("bis"), null=True)
    # An account's address, as the log names it: an account may go, and this says who it was.
    taken_by = models.CharField(
        _("wer sich kümmert"), max_length=254, blank=True, default="", db_default=""
    )
    put_off_until = models.DateField(_("zurückgestellt bis"), null=True, blank=True)

    objects: ClassVar = AlarmQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        moves_along = False
        visitors_see = False
        plain = "district kind since ended_at put_off_until"
        personal = "taken_by"

    class Meta:
        verbose_name = _("Hinweis")
        verbose_name_plural = _("Hinweise")
        ordering: ClassVar = ["-since"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "kind"],
                condition=models.Q(ended_at__isnull=True),
                name="alarm_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.get_kind_display()}"

    @property
    def place(self) -> str:
        """Return the name of what needs attention: a district, or the platform."""
        return self.district.name if self.district else str(PLATFORM)
