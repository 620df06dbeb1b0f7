"""The Träger of districts."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.districts.models.phones import dialled
from wiq.declared import Leaves


class OperatorQuerySet(models.QuerySet["Operator"]):
    """Queries on Träger."""

    def of_platform(self) -> "Operator | None":
        """Return the one that runs the platform (the first one entered); None if unknown."""
        return self.filter(runs_platform=True).order_by("pk").first()


class Operator(models.Model):
    """A Träger: the organisation responsible for a district's content and data."""

    legal_name = models.CharField(_("Name"), max_length=200)
    address = models.TextField(_("Anschrift"), blank=True)
    representative = models.CharField(_("Vertreten durch"), max_length=200, blank=True)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    is_public_body = models.BooleanField(_("öffentliche Stelle"), default=False)
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
        help_text=_("Name und Anschrift einer Person (§ 18 Abs. 2 MStV)."),
    )
    runs_platform = models.BooleanField(
        _("betreibt die Plattform selbst"),
        default=False,
        help_text=_(
            "Dann steht er im Impressum der Plattform, und sein Quartier braucht keinen Vertrag zur Auftragsverarbeitung."
        ),
    )
    data_protection_officer = models.TextField(
        _("Datenschutzbeauftragte Person"),
        blank=True,
        help_text=_("Name oder Funktion, und wie man sie erreicht. Leer, wo es keine gibt."),
    )

    objects = OperatorQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        plain = "legal_name address is_public_body register_entry vat_id runs_platform"
        personal = "representative email phone news_editor data_protection_officer"

    class Meta:
        verbose_name = _("Träger")
        verbose_name_plural = _("Träger")

    def __str__(self) -> str:
        return self.legal_name

    @property
    def phone_link(self) -> str:
        """The phone number in the form for ``tel:`` links."""
        return dialled(self.phone)
