"""What the folder keeps: versions of its documents, who signed them, who works for the platform.

In the public schema, because a contract has two sides: the project team sees what was signed, and
it outlives the schema of a district. No foreign key leads to the district for the same reason.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves

# Stands for the platform's own folder where a district's number would stand.
PLATFORM = 0


class SubProcessor(models.Model):
    """A company that works for the platform with districts' data (Art. 28 (2) and (4) GDPR)."""

    name = models.CharField(_("Name"), max_length=200)
    address = models.TextField(_("Anschrift"))
    purpose = models.CharField(
        _("wofür"), max_length=200, help_text=_("Zum Beispiel: Server, Versand der E-Mails.")
    )
    place = models.CharField(
        _("wo die Daten liegen"), max_length=120, help_text=_("Stadt und Land des Rechenzentrums.")
    )
    safeguard = models.CharField(
        _("Garantien außerhalb der EU"),
        max_length=200,
        blank=True,
        help_text=_(
            "Leer, wo die Daten in der EU oder im EWR bleiben. Sonst worauf die Übermittlung beruht (Art. 44 bis 49 DSGVO)."
        ),
    )
    agreement_on = models.DateField(_("Vertrag zur Auftragsverarbeitung vom"))

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "name address purpose place safeguard agreement_on"

    class Meta:
        verbose_name = _("Unterauftragsverarbeiter")
        verbose_name_plural = _("Unterauftragsverarbeiter")
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class VersionQuerySet(models.QuerySet["Version"]):
    """Queries on versions."""

    def of(self, district: int) -> "VersionQuerySet":
        """Return the versions of one folder, the newest first."""
        return self.filter(district=district).order_by("-number")


class Version(models.Model):
    """A document as it was on a day, word by word; it never changes."""

    # A district's number, or PLATFORM.
    district = models.BigIntegerField(_("Quartier"))
    document = models.CharField(_("Dokument"), max_length=30)
    number = models.PositiveIntegerField(_("Fassung"))
    text = models.TextField(_("Text"))
    made_at = models.DateTimeField(_("vom"), auto_now_add=True)

    objects: ClassVar = VersionQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        # What was signed with who runs this platform stays with him; another one signs anew.
        moves_along = False
        visitors_see = False
        plain = "district document number made_at"
        # It names who represents the Träger and who is called in an emergency.
        personal = "text"

    class Meta:
        verbose_name = _("Fassung")
        verbose_name_plural = _("Fassungen")
        ordering: ClassVar = ["district", "document", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "document", "number"], name="folder_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.number}"


class Signature(models.Model):
    """Somebody put a name under a version: outside on paper, or here."""

    version = models.ForeignKey(
        Version, models.PROTECT, related_name="signatures", verbose_name=_("Fassung")
    )
    signed_by = models.CharField(_("unterschrieben von"), max_length=200)
    signed_on = models.DateField(_("unterschrieben am"))
    recorded_at = models.DateTimeField(_("eingetragen am"), auto_now_add=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "version signed_on recorded_at"
        personal = "signed_by"

    class Meta:
        verbose_name = _("Unterschrift")
        verbose_name_plural = _("Unterschriften")
        ordering: ClassVar = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version}: {self.signed_on}"
