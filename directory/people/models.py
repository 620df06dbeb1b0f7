"""Teams, their seats, people, and people's agreement to be shown."""

from datetime import date
from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wiq.tenancy import connection

SLUG_LENGTH = 60
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class TeamKind(models.TextChoices):
    """The kinds of teams WiQ knows (domain.md)."""

    SUPPORT = "support", _("Unterstützungsteam")
    STEERING = "steering", _("Steuerungsteam")
    PROJECT = "project", _("Projektteam")
    CORE = "core", _("Kernteam")
    OUTREACH = "outreach", _("ÖA-Team")


class Sector(models.TextChoices):
    """Which world of society a person comes from."""

    POLITICS = "politics", _("Politik")
    ADMINISTRATION = "administration", _("Verwaltung")
    CIVIL_SOCIETY = "civil_society", _("Zivilgesellschaft")
    BUSINESS = "business", _("Wirtschaft")
    SCIENCE = "science", _("Wissenschaft")


class Bench(models.TextChoices):
    """For whom a seat is kept. Not the sector of whoever sits there."""

    POLITICS = "politics", _("Politik")
    ADMINISTRATION = "administration", _("Verwaltung")
    CIVIL_SOCIETY = "civil_society", _("Zivilgesellschaft / Quartiersrat")
    SUPPORT_TEAM = "support_team", _("Unterstützungsteam")


class SeatState(models.TextChoices):
    """Whether somebody sits there, and whether we say who."""

    NAMED = "named", _("besetzt")
    TAKEN = "taken", _("besetzt, hier nicht namentlich genannt")
    VACANT = "vacant", _("frei")


class ConsentScope(models.TextChoices):
    """What a person agrees to be shown with."""

    PROFILE = "profile", _("Name, Teams und Texte")
    PORTRAIT = "portrait", _("Bild")


class ConsentBasis(models.TextChoices):
    """Why we may show somebody."""

    DECLARATION = "declaration", _("Einwilligung der Person")
    PUBLISHED_SOURCE = "published_source", _("steht schon öffentlich auf einer anderen Seite")


class ConsentChannel(models.TextChoices):
    """How a person agreed."""

    WRITTEN = "written", _("schriftlich")
    EMAIL = "email", _("per E-Mail")
    SPOKEN = "spoken", _("mündlich")


def today() -> date:
    """Return the date in the district, not in UTC."""
    return timezone.localdate()


def active(prefix: str = "") -> Q:
    """Return the condition that a membership has begun and not ended."""
    since, until = f"{prefix}since", f"{prefix}until"
    begun = Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": today()})
    going_on = Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": today()})
    return begun & going_on


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Questions about agreement."""

    def valid(self) -> "ConsentQuerySet":
        """Return the consents that let somebody be shown today.

        A person who was found on another public page and never asked (no ``given_on``) is shown
        in a demo district only.
        """
        in_force = self.filter(withdrawn_on__isnull=True)
        if getattr(connection.tenant, "is_demo", False):
            return in_force.filter(Q(given_on__isnull=True) | Q(given_on__lte=today()))
        return in_force.filter(given_on__lte=today())

    def to_be_asked_for(self) -> "ConsentQuerySet":
        """Return what the desk lists as "Einwilligung einholen"."""
        return self.filter(given_on__isnull=True, withdrawn_on__isnull=True)


def agreed(scope: ConsentScope, person: str) -> Exists:
    """Return the condition that the person a row names by ``person`` agreed to be shown."""
    return Exists(Consent.objects.valid().filter(scope=scope, person=OuterRef(person)))


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about people. Whatever visitors see starts with ``shown``."""

    def shown(self) -> "PersonQuerySet":
        """Return the people who agreed to be shown, with ``portrait_shown``."""
        return self.filter(agreed(ConsentScope.PROFILE, "pk")).annotate(
            portrait_shown=agreed(ConsentScope.PORTRAIT, "pk")
        )

    def with_teams(self) -> "PersonQuerySet":
        """Fetch the published teams each person is in today."""
        return self.prefetch_related(
            Prefetch(
                "memberships",
                Membership.objects.filter(active(), team__is_published=True).select_related("team"),
                to_attr="shown_memberships",
            )
        )


class Person(models.Model):
    """Somebody who takes part. Shown nowhere without a valid consent."""

    slug = models.SlugField(_("Kurzname"), max_length=SLUG_LENGTH, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    about = models.TextField(_("Kurzporträt"), blank=True, validators=[MaxLengthValidator(3000)])
    quote = models.TextField(
        _("Zitat"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("Nur die eigenen Worte der Person."),
    )
    portrait = models.ImageField(_("Bild"), upload_to="portraits/", blank=True)
    portrait_alt = models.CharField(
        _("Bildbeschreibung"),
        max_length=200,
        blank=True,
        help_text=_("Was ist auf dem Bild zu sehen? Für Menschen, die es nicht sehen können."),
    )
    sector = models.CharField(_("Welt"), max_length=20, choices=Sector, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Menschen")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(portrait="") | ~Q(portrait_alt=""),
                name="person_portrait_has_alt",
                violation_error_message=_("Zu einem Bild gehört eine Bildbeschreibung."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """The first letters of first and last name, where there is no picture."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))


class TeamQuerySet(models.QuerySet["Team"]):
    """Questions about teams."""

    def published(self) -> "TeamQuerySet":
        """Return the teams everybody may see."""
        return self.filter(is_published=True)

    def with_people(self) -> "TeamQuerySet":
        """Fetch seats and the people shown, in two statements whatever the number of teams."""
        return self.prefetch_related(
            Prefetch("memberships", Membership.objects.shown(), to_attr="shown_memberships"),
            Prefetch("seats", Seat.objects.with_shown(), to_attr="shown_seats"),
        )


class Team(models.Model):
    """A team of the district."""

    kind = models.CharField(_("Art"), max_length=12, choices=TeamKind)
    abbreviation = models.CharField(_("Abkürzung"), max_length=10)
    slug = models.SlugField(_("Kurzname"), max_length=SLUG_LENGTH, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    description = models.TextField(
        _("Beschreibung"), blank=True, validators=[MaxLengthValidator(3000)]
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    contact_email = models.EmailField(
        _("Kontaktadresse"),
        blank=True,
        help_text=_("Hierhin gehen Anfragen an dieses Team. Sie steht auf keiner Seite."),
    )
    is_published = models.BooleanField(_("veröffentlicht"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("Team")
        verbose_name_plural = _("Teams")
        ordering: ClassVar = ["position", "name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "abbreviation",
                name="team_abbreviation_once",
                violation_error_message=_("Diese Abkürzung hat hier schon ein anderes Team."),
            ),
            models.CheckConstraint(condition=Q(kind__in=TeamKind.values), name="team_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class SeatQuerySet(models.QuerySet["Seat"]):
    """Questions about seats."""

    def with_shown(self) -> "SeatQuerySet":
        """Add ``person_shown``: whether whoever sits there agreed to be named."""
        return self.annotate(person_shown=agreed(ConsentScope.PROFILE, "person")).order_by(
            "position"
        )


class Seat(models.Model):
    """A place in a team that is kept for one bench."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="seats", verbose_name=_("Team"))
    bench = models.CharField(_("Bank"), max_length=20, choices=Bench)
    position = models.PositiveSmallIntegerField(_("Platz"))
    state = models.CharField(
        _("Besetzung"), max_length=8, choices=SeatState, default=SeatState.VACANT
    )
    person = models.ForeignKey(
        Person,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("Person"),
    )

    objects: ClassVar = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("Sitz")
        verbose_name_plural = _("Sitze")
        ordering: ClassVar = ["team", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "position"], name="seat_position_once"),
            models.CheckConstraint(
                condition=Q(state=SeatState.NAMED, person__isnull=False)
                | (~Q(state=SeatState.NAMED) & Q(person__isnull=True)),
                name="seat_named_means_a_person",
                violation_error_message=_(
                    "Ein namentlich besetzter Sitz braucht eine Person, jeder andere keine."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_bench_display()} {self.position}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships."""

    def shown(self) -> "MembershipQuerySet":
        """Return today's members who agreed to be shown, with ``portrait_shown``."""
        return (
            self.filter(active(), agreed(ConsentScope.PROFILE, "person"))
            .annotate(portrait_shown=agreed(ConsentScope.PORTRAIT, "person"))
            .select_related("person")
            .order_by("position", "person__name", "pk")
        )


class Membership(models.Model):
    """Somebody's part in a team, for as long as it lasts."""

    team = models.ForeignKey(
        Team, models.CASCADE, related_name="memberships", verbose_name=_("Team")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="memberships", verbose_name=_("Person")
    )
    role = models.CharField(_("Rolle"), max_length=120, blank=True)
    since = models.DateField(_("seit"), null=True, blank=True)
    until = models.DateField(_("bis"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mitgliedschaft")
        verbose_name_plural = _("Mitgliedschaften")
        ordering: ClassVar = ["team", "position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=Q(until__isnull=True),
                name="membership_open_once",
                violation_error_message=_("Diese Person ist schon Mitglied dieses Teams."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
                name="membership_ends_after_it_began",
                violation_error_message=_("Das Ende liegt vor dem Anfang."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.team}"


class Consent(models.Model):
    """A person's agreement to be shown with something: given, perhaps withdrawn, never deleted."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="consents", verbose_name=_("Person")
    )
    scope = models.CharField(_("wofür"), max_length=10, choices=ConsentScope)
    text_version = models.CharField(_("Fassung des Textes"), max_length=20, default="1")
    basis = models.CharField(
        _("Grundlage"), max_length=20, choices=ConsentBasis, default=ConsentBasis.DECLARATION
    )
    given_how = models.CharField(
        _("gegeben wie"), max_length=10, choices=ConsentChannel, blank=True
    )
    given_on = models.DateField(_("gegeben am"), null=True, blank=True)
    withdrawn_on = models.DateField(_("widerrufen am"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("eingetragen am"), auto_now_add=True)

    objects: ClassVar = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einwilligung")
        verbose_name_plural = _("Einwilligungen")
        ordering: ClassVar = ["person", "scope", "-recorded_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(given_on__isnull=False, given_how__gt="")
                | Q(given_on__isnull=True, given_how=""),
                name="consent_given_says_how",
                violation_error_message=_("Bitte angeben, wann und wie eingewilligt wurde."),
            ),
            models.CheckConstraint(
                condition=Q(basis=ConsentBasis.PUBLISHED_SOURCE) | Q(given_on__isnull=False),
                name="consent_declared_has_a_date",
                violation_error_message=_("Eine Einwilligung braucht ein Datum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_scope_display()}"
