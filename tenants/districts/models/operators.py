"""The Träger: those of districts, and the one of the platform."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.districts.models.phones import dialled
from wiq.declared import Leaves


class Responsible(models.Model):
    """What the legal pages say of the organisation that is responsible for them."""

    legal_name = models.CharField(_("Name"), max_length=200)
    address = models.TextField(_("Anschrift"), blank=True)
    representative = models.CharField(_("Vertreten durch"), max_length=200, blank=True)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    is_public_body = models.BooleanField(_("öffentliche Stelle"), default=False)
    # § 1 BfWebG (Saxony) with Art. 3 (1) Directive (EU) 2016/2102: then it counts as a public body
    # for accessibility, whatever its legal form. None: nobody has been asked.
    publicly_funded = models.BooleanField(
        _("Eine öffentliche Stelle ist beteiligt und zahlt mehr als die Hälfte"),
        null=True,
        blank=True,
        help_text=_(
            "Auch „Ja“, wenn sie die Mehrheit der Stimmen hat oder die Leitung beaufsichtigt. Dann gilt der Träger bei der Barrierefreiheit als öffentliche Stelle (§ 1 BfWebG): Die Erklärung zur Barrierefreiheit ist Pflicht und nennt die Überwachungsstelle, und die Seiten sind dieser Stelle zu melden."
        ),
    )
    register_entry = models.CharField(
        _("Registereintrag"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel: Amtsgericht Leipzig, VR 1234. Leer, wo es keinen gibt."),
    )
    vat_id = models.CharField(_("Umsatzsteuer-Identifikationsnummer"), max_length=20, blank=True)
    news_editor = models.TextField(
        _("verantwortlich für Neuigkeiten"),
        blank=True,
        help_text=_("Name und Anschrift einer Person (§ 18 Abs. 2 MStV)."),
    )
    data_protection_officer = models.TextField(
        _("Datenschutzbeauftragte Person"),
        blank=True,
        help_text=_("Name oder Funktion und wie man die Person erreicht. Leer, wo es keine gibt."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.legal_name

    @property
    def owes_accessibility(self) -> bool:
        """Whether the law on accessible pages binds it: a public body, or mostly paid by one."""
        return self.is_public_body or bool(self.publicly_funded)

    @property
    def phone_link(self) -> str:
        """The phone number in the form for ``tel:`` links."""
        return dialled(self.phone)


class Operator(Responsible):
    """A Träger: the organisation responsible for a district's content and data."""

    # The project team's word, given at the console alone: no file and no guide of a district
    # writes it, and a Träger that has it is written by the project team alone.
    runs_platform = models.BooleanField(
        _("betreibt die Plattform selbst"),
        default=False,
        help_text=_(
            "Dann braucht sein Quartier keinen Vertrag zur Auftragsverarbeitung. Was im Impressum der Plattform steht, tragen Sie unter „Träger der Plattform“ ein."
        ),
    )

    class Data:
        leaves = Leaves.NEVER
        # In a district's file: what its Träger says of itself.
        in_file = "legal_name address is_public_body register_entry vat_id"
        plain = f"{in_file} publicly_funded runs_platform"
        personal = "representative email phone news_editor data_protection_officer"

    class Meta:
        verbose_name = _("Träger")
        verbose_name_plural = _("Träger")


class PlatformOperatorQuerySet(models.QuerySet["PlatformOperator"]):
    """Queries on the platform's own Träger."""

    def known(self) -> "PlatformOperator | None":
        """Return it; None as long as nobody has entered it."""
        return self.first()


class PlatformOperator(Responsible):
    """The Träger of the platform itself: one row, written at the console alone.

    It is no district's, even where the same organisation stands behind both: whoever writes a
    district's Träger does not write this (docs/decisions/0060-platforms-traeger.md).
    """

    number = models.PositiveSmallIntegerField(primary_key=True, editable=False)

    objects = PlatformOperatorQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        plain = "number legal_name address is_public_body publicly_funded register_entry vat_id"
        personal = "representative email phone news_editor data_protection_officer"

    class Meta:
        verbose_name = _("Träger der Plattform")
        verbose_name_plural = _("Träger der Plattform")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(number=1), name="one_platform_operator"),
        ]
