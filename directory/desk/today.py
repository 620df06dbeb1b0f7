"""The first page of the desk: what needs somebody, the oldest first."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from directory.pages import legal
from directory.people.consents import Consent
from directory.people.dates import today
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from wiq.mail.models import Message
from wiq.outbox.models import Pointer
from wiq.tenancy import current_district_id

SHOWN = 8


@dataclass
class Task:
    """One thing to do: what, since when, and where."""

    title: str
    detail: str
    url: str


@dataclass
class Pile:
    """Things of one kind that wait, the first few of them with links."""

    title: str
    count: int
    url: str
    tasks: list[Task] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.tasks)


def _change(name: str, number: int) -> str:
    return reverse(f"koordination:{name}_change", args=[number])


def _list(name: str, query: str = "") -> str:
    return reverse(f"koordination:{name}_changelist") + query


def _age(since: datetime) -> str:
    days = (timezone.localdate() - timezone.localdate(since)).days
    if days == 0:
        return _("seit heute")
    return ngettext("seit %d Tag", "seit %d Tagen", days) % days


def open_requests() -> Pile:
    """Contact requests that nobody answered yet."""
    waiting = ContactRequest.objects.open().select_related("team", "solution_team")
    tasks = [
        Task(
            _("%(who)s an %(whom)s")
            % {
                "who": found.name,
                "whom": found.solution_team or found.team or _("Unterstützungsteam"),
            },
            f"{_age(found.created_at)}, {found.get_state_display()}",
            _change("contact_contactrequest", found.pk),
        )
        for found in waiting[:SHOWN]
    ]
    url = _list("contact_contactrequest")
    return Pile(_("Offene Kontaktanfragen"), waiting.count(), url, tasks)


def open_ideas() -> Pile:
    """Ideas on which nobody decided yet."""
    waiting = Idea.objects.open()
    tasks = [
        Task(
            idea.title,
            f"{_age(idea.created_at)}, {idea.get_state_display()}",
            _change("ideas_idea", idea.pk),
        )
        for idea in waiting[:SHOWN]
    ]
    return Pile(_("Offene Ideen"), waiting.count(), _list("ideas_idea"), tasks)


def failed_mails() -> Pile:
    """Mails that did not get through, or try in vain."""
    stuck = Pointer.objects.filter(district_id=current_district_id()).stuck()
    uuids = list(stuck.order_by("waiting_since").values_list("message_uuid", flat=True)[:SHOWN])
    tasks = [
        Task(message.subject, message.to, _about(message))
        for message in sorted(
            Message.objects.filter(uuid__in=uuids), key=lambda message: uuids.index(message.uuid)
        )
    ]
    return Pile(_("Mails, die nicht ankommen"), stuck.count(), "", tasks)


def _about(message: Message) -> str:
    """Return where the desk shows what a mail is about."""
    names = {
        "contact.contactrequest": "contact_contactrequest",
        "ideas.idea": "ideas_idea",
        "solutions.solutionteam": "solutions_solutionteam",
    }
    name = names.get(message.about_type)
    return _change(name, message.about_id or 0) if name else ""


def missing_consents() -> Pile:
    """People whom nobody asked whether they want to be shown."""
    asking = Consent.objects.to_be_asked_for().select_related("person")
    tasks = [
        Task(
            consent.person.name, consent.get_scope_display(), _change("people_consent", consent.pk)
        )
        for consent in asking[:SHOWN]
    ]
    url = _list("people_consent", "?zu-tun=einholen")
    return Pile(_("Einwilligungen einholen"), asking.count(), url, tasks)


def unconfirmed_teams() -> Pile:
    """Active solution teams that nobody confirmed for half a year."""
    stale = SolutionTeam.objects.unconfirmed_since(today() - solutions.ASK_EVERY)
    tasks = [
        Task(
            team.name,
            _("noch nie bestätigt")
            if team.confirmed_at is None
            else _("zuletzt am %s") % f"{team.confirmed_at:%d.%m.%Y}",
            _change("solutions_solutionteam", team.pk),
        )
        for team in stale.order_by("confirmed_at", "sort_key")[:SHOWN]
    ]
    url = _list("solutions_solutionteam", "?zu-tun=bestaetigen")
    return Pile(_("Lösungsteams: Stimmt das noch?"), stale.count(), url, tasks)


def legal_gaps(request: HttpRequest) -> Pile:
    """What the legal pages lack."""
    missing = legal.missing(request.tenant)  # type: ignore[attr-defined]
    url = reverse("guide_step", args=["traeger"])
    tasks = [Task(words, _("im Leitfaden ergänzen"), url) for words in missing]
    return Pile(_("Was auf den Rechtsseiten fehlt"), len(missing), url, tasks)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the piles to the first page of the desk (unfold's DASHBOARD_CALLBACK).

    Each pile is for whoever may do something about it.
    """
    user: Any = request.user
    piles: list[Pile] = []
    if user.has_perm("contact.view_contactrequest"):
        piles += [open_requests(), failed_mails()]
    if user.has_perm("ideas.view_idea"):
        piles.append(open_ideas())
    if user.has_perm("people.view_consent"):
        piles.append(missing_consents())
    if user.has_perm("solutions.view_solutionteam"):
        piles.append(unconfirmed_teams())
    if user.has_perm("contact.view_contactrequest"):
        piles.append(legal_gaps(request))
    piles.sort(key=lambda pile: pile.count == 0)
    context |= {"piles": piles, "all_done": not any(pile.count for pile in piles)}
    return context
