"""People, as far as they agreed to be shown."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from directory.people.choices import (
    ConsentScope,
    Sector,
)
from directory.people.consents import agreed
from directory.people.dates import active
from directory.people.participation import (
    Participation,
    ParticipationQuerySet,
    rules_of_parts,
)
from wiq.declared import Leaves

SLUG_LENGTH = 60


class PersonQuerySet(models.QuerySet["Person"]):
    """Queries on people. All queries for visitors start with ``shown``."""

    def shown(self) -> "PersonQuerySet":
        """Return the people who agreed to be shown, with ``portrait_shown``."""
        return self.filter(agreed(ConsentScope.PROFILE, "pk")).with_consents()

    def with_consents(self) -> "PersonQuerySet":
        """Add ``portrait_shown``: whether a person agreed to be shown with a picture."""
        return self.annotate(portrait_shown=agreed(ConsentScope.PORTRAIT, "pk"))

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
    """A person who takes part. Never shown without a valid consent."""

    # Not columns: annotated by with_consents() and by the list at the desk.
    portrait_shown: bool
    is_shown: bool

    slug = models.SlugField(
        _("Kurzname"),
        max_length=SLUG_LENGTH,
        unique=True,
        help_text=_("Teil der Internetadresse, wird von selbst ausgefüllt."),
    )
    name = models.CharField(_("Name"), max_length=120)
    about = models.TextField(_("Kurzporträt"), blank=True, validators=[MaxLengthValidator(3000)])
    about_en = models.TextField(
        _("Kurzporträt auf Englisch"), blank=True, validators=[MaxLengthValidator(3000)]
    )
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
    sector = models.CharField(
        _("Welt"),
        max_length=20,
        choices=Sector,
        blank=True,
        help_text=_("Aus welcher Welt kommt die Person?"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = PersonQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        plain = "created_at updated_at"
        personal = "slug name about about_en quote portrait portrait_alt sector"

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
        """The initials of first and last name, shown instead of a missing picture."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))


class Membership(Participation):
    """A person's membership in a team, for as long as it lasts."""

    team = models.ForeignKey(
        "people.Team", models.CASCADE, related_name="memberships", verbose_name=_("Team")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="memberships", verbose_name=_("Person")
    )

    objects: ClassVar = ParticipationQuerySet["Membership"].as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        plain = "role since until position team person"

    class Meta:
        verbose_name = _("Mitgliedschaft")
        verbose_name_plural = _("Mitgliedschaften")
        ordering: ClassVar = ["team", "position", "pk"]
        constraints: ClassVar = rules_of_parts(
            "membership",
            whole="team",
            taken=_("Diese Person ist schon Mitglied dieses Teams."),
        )

    def __str__(self) -> str:
        return f"{self.person} – {self.team}"
