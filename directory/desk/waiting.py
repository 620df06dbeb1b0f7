"""Open tasks that the desk itself knows of: in the guide, and between the rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.contact.models import MailboxProof
from directory.conversations.models import HeldMail
from directory.pages import legal
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from tenants.districts.requests import DistrictRequest
from wiq.admin.waiting import Asked, Pile, Task, age, change_url, list_url, pile_of, waits
from wiq.database.together import Found, Wanted
from wiq.mail_addresses import is_same


@waits(place=150, permission="contact.view_contactrequest")
def legal_gaps(request: DistrictRequest) -> Pile:
    """The data that the legal pages lack."""
    missing = legal.missing(request.tenant)
    url = reverse("guide_step", args=["traeger"])
    tasks = [Task(words, _("im Leitfaden ergänzen"), url) for words in missing]
    return Pile(_("Was auf den Rechtsseiten fehlt"), len(missing), url, tasks, act=_("Ergänzen"))


@waits(place=102, permission="conversations.view_conversation")
def held_mails(request: DistrictRequest) -> Asked:
    """Mails to a reply address that joined nothing."""
    rows = HeldMail.objects.filter(done_at=None)
    url = reverse("desk_held")
    return pile_of(
        _("E-Mails, die auf Sie warten"), rows, _held,
        fields=("sender", "at", "reason", "conversation__reference"), url=url, act=_("Ansehen"),
    )  # fmt: skip


def _held(held: HeldMail) -> Task:
    return Task(
        held.sender or _("ohne Absender"),
        f"{age(held.at)} · {held.get_reason_display()}",
        reverse("desk_letter", args=[held.conversation.reference]),
        held.at,
    )


@waits(place=125, permission="solutions.change_solutionteam")
def drafts_from_ideas(request: DistrictRequest) -> Asked:
    """Solution teams of accepted ideas that are still drafts."""
    rows = SolutionTeam.objects.filter(state="draft", idea__isnull=False).order_by("created_at")
    url = list_url("solutions_solutionteam", "?state__exact=draft")
    return pile_of(
        _("Entwürfe aus angenommenen Ideen"), rows, _draft, fields=("name", "created_at"), url=url,
        act=_("Weiterschreiben"),
    )  # fmt: skip


def _draft(team: SolutionTeam) -> Task:
    # Whoever brought the idea was told that a team comes of it, and waits.
    url = change_url("solutions_solutionteam", team.pk)
    return Task(team.name, age(team.created_at), url, team.created_at)


@waits(place=145, permission="contact.change_contactrequest")
def unproven_mailbox(request: DistrictRequest) -> Asked:
    """The mailbox of the requests, as long as nobody has typed its code, asked for or not."""
    team = Wanted(Team.objects.support(), ("contact_email",), 1)
    # A code was only ever sent to one mailbox: asking for another makes the former invalid.
    proofs = Wanted(MailboxProof.objects.order_by("-pk"), ("email", "proven_at"))
    return Asked([team, proofs], _mailbox)


def _mailbox(teams: Found, proofs: Found) -> Pile:
    url = reverse("guide_step", args=["postfach"])
    title = _("Postfach noch nicht bestätigt")
    address = teams.rows[0].contact_email if teams.rows else ""
    proof = next((row for row in proofs.rows if address and is_same(row.email, address)), None)
    if proof is not None and proof.proven_at is not None:
        return Pile(title, 0, url)
    if proof is not None:
        task = Task(proof.email, _("Der Code aus der E-Mail fehlt noch."), url)
        return Pile(title, 1, url, [task], act=_("Code eintragen"))
    words = _("Niemand hat gezeigt, dass hier jemand liest.")
    task = Task(address or _("Es gibt noch keine Adresse."), words if address else "", url)
    return Pile(title, 1, url, [task], act=_("Bestätigen"))
