"""Districts: the tenants."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tenants.models import TenantMixin
from django_tenants.utils import schema_context

from tenants.districts.models.operators import Operator
from tenants.districts.models.phones import dialled
from tenants.districts.models.querysets import DistrictQuerySet
from tenants.districts.models.states import Moving, State
from wiq.declared import Leaves
from wiq.signing import keys
from wiq.tenancy import PUBLIC
from wiq.web.hosts import origin

SCHEMA_PATTERN = r"^d_[0-9a-f]{16}$"
# A DNS label (RFC 1123, 2.1) of at least two characters.
SLUG_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])$"
COLOUR_PATTERN = r"^#[0-9a-f]{6}$"


def whole(pattern: str) -> str:
    """Return a PostgreSQL pattern with the same meaning in Python.

    In PostgreSQL ``$`` is the end of the text; in Python it also matches before a last line break.
    """
    return pattern.removesuffix("$") + r"\Z"


class District(TenantMixin):
    """A neighbourhood with its own schema, subdomain and data."""

    slug = models.CharField(
        _("Kurzname"), max_length=40, unique=True, validators=[RegexValidator(whole(SLUG_PATTERN))]
    )
    name = models.CharField(_("Name"), max_length=120)
    city = models.CharField(_("Stadt"), max_length=120)
    since = models.PositiveSmallIntegerField(_("dabei seit dem Jahr"), null=True, blank=True)
    state = models.CharField(_("Zustand"), max_length=12, choices=State, default=State.DRAFT)
    operator = models.ForeignKey(
        Operator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Träger")
    )
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    video_url = models.URLField(_("Video"), blank=True)
    colour = models.CharField(
        _("Farbe"),
        max_length=7,
        default="#1f6f54",
        validators=[
            RegexValidator(whole(COLOUR_PATTERN), _("Bitte eine Farbe wie #1f6f54 angeben."))
        ],
    )
    # Stored in the district's own folder, and only changed at its desk (directory.desk.appearance).
    logo = models.ImageField(_("Logo"), upload_to="district/", blank=True)
    header_picture = models.ImageField(
        _("Bild auf der Startseite"), upload_to="district/", blank=True
    )
    header_width = models.PositiveIntegerField(null=True, editable=False)
    header_height = models.PositiveIntegerField(null=True, editable=False)
    header_alt = models.CharField(
        _("Bildbeschreibung"), max_length=200, blank=True,
        help_text=_("Was ist auf dem Bild zu sehen? Für Menschen, die es nicht sehen können."),
    )  # fmt: skip
    intro = models.TextField(_("Einleitung"), blank=True)
    intro_en = models.TextField(_("Einleitung auf Englisch"), blank=True)
    is_demo = models.BooleanField(_("zum Ausprobieren"), default=False)
    retention_months = models.PositiveSmallIntegerField(
        _("Wie viele Monate Anfragen und Ideen bleiben"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(36)],
        help_text=_("So lange nach dem Abschluss bleiben Namen, Adressen und Texte erhalten."),
    )
    answer_days = models.SmallIntegerField(
        _("In wie vielen Werktagen Sie antworten"), default=3, db_default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("Das versprechen Sie allen, die Ihnen schreiben. Samstag, Sonntag und die Feiertage in Sachsen zählen nicht."),
    )  # fmt: skip
    accessibility_checked_on = models.DateField(
        _("Barrierefreiheit zuletzt geprüft am"), null=True, blank=True
    )
    accessibility_gaps = models.TextField(
        _("Was noch nicht barrierefrei ist"),
        blank=True,
        help_text=_("Ein Mangel je Zeile, mit dem Grund."),
    )
    processing_agreement_on = models.DateField(
        _("Vertrag zur Auftragsverarbeitung geschlossen am"), null=True, blank=True
    )
    # The number of the valid preview link, and when a stranger to the desk first opened one.
    preview_number = models.PositiveIntegerField(default=1, editable=False)
    preview_seen_at = models.DateTimeField(null=True, editable=False)
    # What its links are signed with, encrypted; empty until first used in rows of older versions.
    link_key = models.CharField(
        max_length=200, default="", db_default="", blank=True, editable=False
    )
    # What its erasures are marked with, encrypted, from its first place; empty: made of link_key.
    erasure_key = models.CharField(
        max_length=200, default="", db_default="", blank=True, editable=False
    )
    # The numbers it had where it came from: reply addresses in old mails name them.
    reply_numbers = models.JSONField(default=list, db_default=[], blank=True, editable=False)
    state_since = models.DateTimeField(
        _("in diesem Zustand seit"), default=timezone.now, editable=False
    )
    # What the project team wrote when it changed the state; the coordination reads it.
    state_note = models.CharField(
        _("Grund"), max_length=500, default="", db_default="", blank=True, editable=False
    )
    # Where a suspended or archived district returns to.
    state_before = models.CharField(
        max_length=12, default="", db_default="", blank=True, editable=False
    )
    # When it last became public, by the gate or on the operator's word; None: never.
    passed_gate_at = models.DateTimeField(null=True, editable=False)
    delete_after = models.DateTimeField(_("wird entfernt am"), null=True, editable=False)
    # Why its last migration failed, and since when it does; empty where it did not
    # (tenants.provisioning.migrating).
    migration_error = models.CharField(
        _("Aktualisierung fehlgeschlagen"), max_length=300, default="", db_default="",
        blank=True, editable=False,
    )  # fmt: skip
    migration_failed_at = models.DateTimeField(
        _("Aktualisierung fehlgeschlagen am"), null=True, editable=False
    )
    # Only tenants.moving writes it.
    moving = models.CharField(
        max_length=8, choices=Moving, default=Moving.NO, db_default="", blank=True, editable=False
    )
    # Counted here because lists of districts must not query every schema.
    solution_teams = models.PositiveIntegerField(
        _("öffentliche Lösungsteams"), default=0, editable=False
    )
    # The pages of the main menu that may be empty and are not (tenants.districts.public_menu).
    in_menu = models.JSONField(default=list, db_default=[], blank=True, editable=False)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    # tenants.provisioning creates the schema; save() must not.
    auto_create_schema = False
    auto_drop_schema = False

    objects: ClassVar = DistrictQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        plain = (
            "schema_name slug name city since state operator phone video_url colour "
            "logo header_picture header_width header_height header_alt intro intro_en "
            "is_demo retention_months answer_days accessibility_checked_on accessibility_gaps "
            "processing_agreement_on preview_number preview_seen_at state_since state_note "
            "state_before passed_gate_at migration_error migration_failed_at delete_after "
            "created_at reply_numbers moving"
        )
        secrets = "link_key erasure_key"
        derived = "solution_teams in_menu"
        in_file = (
            "name city since phone video_url colour intro intro_en is_demo "
            "retention_months answer_days processing_agreement_on accessibility_checked_on "
            "accessibility_gaps logo header_picture header_width header_height "
            "header_alt"
        )
        # Without the number a preview link that was ended would open again, elsewhere.
        in_file_with_secrets = "link_key preview_number"

    class Meta:
        verbose_name = _("Quartier")
        verbose_name_plural = _("Quartiere")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(schema_name__regex=SCHEMA_PATTERN), name="district_schema_generated"
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=SLUG_PATTERN), name="district_slug_is_a_dns_label"
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=COLOUR_PATTERN), name="district_colour_is_hex"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="district_state_known"
            ),
            models.CheckConstraint(
                condition=Q(moving__in=Moving.values), name="district_moving_known"
            ),
            models.CheckConstraint(
                condition=Q(header_picture="") | ~Q(header_alt=""),
                name="district_picture_has_alt",
                violation_error_message=_("Zu einem Bild gehört eine Bildbeschreibung."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """The primary domain: remembered from the lookup, else queried."""
        known: str | None = self.__dict__.get("_host")
        if known is None:
            # Filtered in Python, so that a list can prefetch all domains in one query.
            known = next(domain.domain for domain in self.domains.all() if domain.is_primary)
            self.remember_host(known)
        return known

    def remember_host(self, host: str) -> None:
        """Store the primary domain that the caller has just read, to save a query."""
        self.__dict__["_host"] = host

    def known_key(self) -> bytes | None:
        """Return the key that its links are signed with; None if there is none."""
        return keys.opened(self.link_key) or keys.opened(self._kept_key())

    def signing_key(self) -> bytes:
        """Return the key to sign links with; create it if it is missing or can't be decrypted.

        After a change of SECRET_KEY, all old links are invalid, but forms that write new links must
        still work.
        """
        known = keys.opened(self.link_key)
        if known is not None:
            return known
        kept = self._kept_key()
        known = keys.opened(kept)
        if known is not None:
            return known
        with schema_context(PUBLIC):  # a district's role changes nothing of this
            # Of two at the same moment, the second finds no such row.
            unread = type(self).objects.filter(pk=self.pk, link_key=kept)
            unread.update(link_key=keys.locked(keys.new()))
        made = keys.opened(self._kept_key())
        if made is None:
            raise RuntimeError(f"{self.schema_name}: another SECRET_KEY is in use beside this one")
        return made

    def _kept_key(self) -> str:
        """Return the stored column: the row in memory, or in the cache, may be outdated."""
        with schema_context(PUBLIC):
            found = type(self).objects.filter(pk=self.pk).values_list("link_key", flat=True)
            return str(found.first() or "")

    @property
    def is_behind(self) -> bool:
        """Whether its migration failed, so that this version can't work with its tables."""
        return bool(self.migration_error)

    def check_up_to_date(self) -> None:
        """Raise ValidationError where its migration failed: nobody can work in its tables."""
        if self.is_behind:
            raise ValidationError(
                _("Das geht erst, wenn die Aktualisierung dieses Quartiers nachgeholt ist.")
            )

    @property
    def phone_link(self) -> str:
        """The phone number in the form for ``tel:`` links."""
        return dialled(self.phone)

    @property
    def url(self) -> str:
        return f"{origin(self.host)}/"
