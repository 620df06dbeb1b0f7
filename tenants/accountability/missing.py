"""What a folder still lacks, and where it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from directory.pages import legal
from tenants.accountability.documents import Document, of_folder
from tenants.accountability.models import SubProcessor
from tenants.districts.models import District, Operator, PlatformOperator
from wiq.tenancy import PUBLIC

COORDINATORS = 2


@dataclass(frozen=True)
class Missing:
    """Something that is missing: a key of ``Document.needs``, words, and the page that takes it.

    An empty ``link``: whoever reads this can't give it, and ``words`` say who can.
    """

    key: str
    words: str
    link: str = ""


def of_district(district: District, facts: Mapping[str, Any]) -> list[Missing]:
    """Return what is missing in a district's folder, with the step of the guide for each."""
    step = "traeger"
    link = _page("guide_step", settings.ROOT_URLCONF, step)
    found: list[Missing] = []
    operator = district.operator
    if operator is None:
        found.append(Missing("traeger", _("Träger des Quartiers"), link))
    else:
        open_fields = legal.unanswered(operator)
        found += [_of_traeger(operator, *field, link) for field in open_fields.items()]
    if district.accessibility_checked_on is None:
        words = _("Wann die Barrierefreiheit zuletzt geprüft wurde")
        found.append(Missing("accessibility", words, link))
    if len(facts["reachable"]) < COORDINATORS:
        words = _("Eine zweite Person in der Koordination, die in einem Notfall erreichbar ist")
        found.append(
            Missing(
                "coordination", words, _page("guide_step", settings.ROOT_URLCONF, "koordination")
            )
        )
    return [*found, *_of_platform(links=False)]


def _of_traeger(operator: Operator, name: str, words: str, link: str) -> Missing:
    key = "money" if name == "publicly_funded" else "traeger"
    # The guide asks nothing of the one that runs the platform: it is written at the console.
    return _asked_of_platform(key, words) if operator.runs_platform else Missing(key, words, link)


def of_platform() -> list[Missing]:
    """Return what is missing in the platform's own folder, with its page of the console."""
    found = _of_platform(links=True)
    found += [Missing("traeger", one.words, one.link) for one in found if one.key == "platform"]
    with schema_context(PUBLIC):
        operator = PlatformOperator.objects.known()
    if operator is not None and "publicly_funded" in (open_fields := legal.unanswered(operator)):
        page = "districts_platformoperator"
        found.append(_at_console("money", open_fields["publicly_funded"], page))
    return found


def _of_platform(*, links: bool) -> list[Missing]:
    with schema_context(PUBLIC):
        operator = PlatformOperator.objects.known()
        knows_helpers = SubProcessor.objects.exists()
    lacks = legal.lacking(operator) if operator else {"legal_name": _("Träger der Plattform")}
    found = [("platform", words, "districts_platformoperator") for words in lacks.values()]
    if not knows_helpers:
        words = _("Wer für die Plattform mitarbeitet: Server, Versand der E-Mails")
        found.append(("helpers", words, "accountability_subprocessor"))
    return [_at_console(*one) if links else _asked_of_platform(*one[:2]) for one in found]


def _at_console(key: str, words: str, page: str) -> Missing:
    return Missing(
        key, str(words), _page(f"plattform:{page}_changelist", settings.PUBLIC_SCHEMA_URLCONF)
    )


def _asked_of_platform(key: str, words: str) -> Missing:
    said = _("%s (gibt das Projektteam der Plattform an)") % words
    return Missing(key, said)


def for_document(document: Document, found: list[Missing]) -> list[Missing]:
    """Return what is missing in one document, each once."""
    needed = [one for one in found if one.key in document.needs]
    return list({one.words: one for one in needed}.values())


def is_whole(facts: Mapping[str, Any], found: list[Missing]) -> bool:
    """Tell whether nothing is missing in any document of a folder."""
    return not any(for_document(one, found) for one in of_folder(facts))


def _page(name: str, urlconf: str, *parts: str) -> str:
    """Return a page's address on its own host: worker and commands know no request."""
    return reverse(name, urlconf=urlconf, args=parts)
