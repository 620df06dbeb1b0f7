"""Open tasks that the desk itself knows of: in the guide, and between the rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.contact import mailboxes
from directory.conversations.models import HeldMail
from directory.pages import legal
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from tenants.districts.requests import DistrictRequest
from wiq.admin.waiting import Pile, Task, age, change_url, list_url, pile_of, waits


@waits(place=150, permission="contact.view_contactrequest")
def legal_gaps(request: DistrictRequest) -> Pile:
    """The data that the legal pages lack."""
    missing = legal.missing(request.tenant)
    url = reverse("guide_step", args=["traeger"])
    tasks = [Task(words, _("im Leitfaden ergänzen"), url) for words in missing]
    return Pile(_("Was auf den Rechtsseiten fehlt"), len(missing), url, tasks, act=_("Ergänzen"))


@waits(place=102, permission="conversations.view_conversation")
def held_mails(request: DistrictRequest) -> Pile:
    """Mails to a reply address that joined nothing."""
    rows = HeldMail.objects.filter(done_at=None).select_related("conversation")
    url = reverse("desk_held")
    return pile_of(_("E-Mails, die auf Sie warten"), rows, _held, url=url, act=_("Ansehen"))


def _held(held: HeldMail) -> Task:
    return Task(
        held.sender or _("ohne Absender"),
        f"{age(held.at)} · {held.get_reason_display()}",
        reverse("desk_letter", args=[held.conversation.reference]),
        held.at,
    )


@waits(place=125, permission="solutions.change_solutionteam")
def drafts_from_ideas(request: DistrictRequest) -> Pile:
    """Solution teams of accepted ideas that are still drafts."""
    rows = SolutionTeam.objects.filter(state="draft", idea__isnull=False).order_by("created_at")
    url = list_url("solutions_solutionteam", "?state__exact=draft")
    return pile_of(
        _("Entwürfe aus angenommenen Ideen"), rows, _draft, url=url, act=_("Weiterschreiben")
    )


def _draft(team: SolutionTeam) -> Task:
    # Whoever brought the idea was told that a team comes of it, and waits.
    url = change_url("solutions_solutionteam", team.pk)
    return Task(team.name, age(team.created_at), url, team.created_at)


@waits(place=145, permission="contact.change_contactrequest")
def unproven_mailbox(request: DistrictRequest) -> Pile:
    """The mailbox of the requests, as long as nobody has typed its code, asked for or not."""
    url = reverse("guide_step", args=["postfach"])
    title = _("Postfach noch nicht bestätigt")
    proof = mailboxes.current()
    if proof is not None and proof.proven_at is not None:
        return Pile(title, 0, url)
    if proof is not None:
        task = Task(proof.email, _("Der Code aus der E-Mail fehlt noch."), url)
        return Pile(title, 1, url, [task], act=_("Code eintragen"))
    team = Team.objects.support().first()
    address = team.contact_email if team is not None else ""
    words = _("Niemand hat gezeigt, dass hier jemand liest.")
    task = Task(address or _("Es gibt noch keine Adresse."), words if address else "", url)
    return Pile(title, 1, url, [task], act=_("Bestätigen"))
