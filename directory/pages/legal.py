"""The legal pages, filled with the data of the district and its Träger.

The plain texts are our own; a lawyer should check them (docs/operating.md). The source of each rule
is noted beside it. Nothing is invented: ``missing`` tells the coordinators which data is missing.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from directory.webhooks.models import Webhook
from tenants.districts.models import District
from tenants.districts.models.operators import Responsible
from tenants.districts.requests import DistrictRequest
from wiq.page_cache.cache import public_page

# § 5 (1) DDG asks for name, address, representative and two quick ways of contact; § 18 (2) MStV
# for a person with an address who answers for news.
IMPRINT_FIELDS = {
    "legal_name": _("Name des Trägers"),
    "address": _("Anschrift des Trägers"),
    "representative": _("Wer den Träger vertritt"),
    "email": _("E-Mail-Adresse des Trägers"),
    "phone": _("Telefonnummer des Trägers"),
    "news_editor": _("Wer für die Neuigkeiten verantwortlich ist, mit Anschrift"),
}


def lacking(operator: Responsible) -> dict[str, str]:
    """Return the fields that the legal pages lack of a Träger, each with what it is in words."""
    lacks = {
        name: str(words) for name, words in IMPRINT_FIELDS.items() if not getattr(operator, name)
    }
    # Art. 37 (1) a GDPR: a public body always has a data protection officer.
    if operator.is_public_body and not operator.data_protection_officer:
        lacks["data_protection_officer"] = str(_("Datenschutzbeauftragte Person des Trägers"))
    return lacks


def unanswered(operator: Responsible) -> dict[str, str]:
    """Return the fields that a Träger has not filled in: of the legal pages, and who pays."""
    open_fields = lacking(operator)
    # § 1 (1) BfWebG: whoever is mostly paid by a public body counts as one.
    if operator.publicly_funded is None and not operator.is_public_body:
        open_fields["publicly_funded"] = str(
            _("Ob eine öffentliche Stelle beteiligt ist und mehr als die Hälfte zahlt")
        )
    return open_fields


def missing(district: District) -> list[str]:
    """Return in words which data the legal pages of a district still lack."""
    if district.operator is None:
        return [str(_("Träger des Quartiers"))]
    lacks = list(lacking(district.operator).values())
    if district.accessibility_checked_on is None:
        lacks.append(str(_("Wann die Barrierefreiheit zuletzt geprüft wurde")))
    return lacks


def _page(request: DistrictRequest, name: str, **more: Any) -> HttpResponse:
    # The tenant itself: these pages are open even if the district is not public.
    district = request.tenant
    context = {"legal": district, "operator": district.operator, **more}
    return render(request, f"pages/{name}.html", context)


@public_page
@require_safe
def imprint(request: DistrictRequest) -> HttpResponse:
    """Show who is responsible (§ 5 DDG, § 18 MStV)."""
    return _page(request, "imprint")


@public_page
@require_safe
def privacy(request: DistrictRequest) -> HttpResponse:
    """Explain what is stored, why, for how long and for whom (Art. 13 GDPR)."""
    return _page(request, "privacy", tells_programs=Webhook.objects.exists())


@public_page
@require_safe
def accessibility(request: DistrictRequest) -> HttpResponse:
    """State how accessible the pages are and where to report a barrier (§ 2 BfWebG, BITV 2.0)."""
    return _page(request, "accessibility")
