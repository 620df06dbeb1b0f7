"""Open tasks that the desk itself knows of: in the guide, and between the rooms."""

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.contact import mailboxes
from directory.conversations.models import HeldMail
from directory.pages import legal
from directory.solutions.models import SolutionTeam
from tenants.districts.requests import DistrictRequest
from wiq.admin.waiting import SHOWN, Pile, Task, age, change_url, list_url, waits


@waits(place=150, permission="contact.view_contactrequest")
def legal_gaps(request: DistrictRequest) -> Pile:
    """The data that the legal pages lack."""
    missing = legal.missing(request.tenant)
    url = reverse("guide_step", args=["traeger"])
    tasks = [Task(words, _("im Leitfaden ergänzen"), url) for words in missing]
    return Pile(_("Was auf den Rechtsseiten fehlt"), len(missing), url, tasks)


@waits(place=102, permission="conversations.view_conversation")
def held_mails(request: DistrictRequest) -> Pile:
    """Mails to a reply address that joined nothing."""
    rows = HeldMail.objects.filter(done_at=None).select_related("conversation")
    tasks = [
        Task(
            held.sender,
            f"{age(held.at)} · {held.get_reason_display()}",
            reverse("desk_letter", args=[held.conversation.reference]),
        )
        for held in rows[:SHOWN]
    ]
    url = reverse("desk_inbox")
    return Pile(_("E-Mails, die auf Sie warten"), rows.count(), url, tasks, act=_("Ansehen"))


@waits(place=125, permission="solutions.change_solutionteam")
def drafts_from_ideas(request: DistrictRequest) -> Pile:
    """Solution teams of accepted ideas that are still drafts."""
    rows = SolutionTeam.objects.filter(state="draft", idea__isnull=False).order_by("created_at")
    tasks = [
        Task(team.name, age(team.created_at), change_url("solutions_solutionteam", team.pk))
        for team in rows[:SHOWN]
    ]
    url = list_url("solutions_solutionteam", "?state__exact=draft")
    return Pile(
        _("Entwürfe aus angenommenen Ideen"), rows.count(), url, tasks, act=_("Weiterschreiben")
    )


@waits(place=145, permission="contact.change_contactrequest")
def unproven_mailbox(request: DistrictRequest) -> Pile:
    """The mailbox of the requests, as long as nobody has typed its code."""
    address = mailboxes.unproven()
    url = reverse("guide_step", args=["postfach"])
    tasks = [Task(address, _("Der Code aus der E-Mail fehlt noch."), url)] if address else []
    return Pile(_("Postfach noch nicht bestätigt"), len(tasks), url, tasks, act=_("Code eintragen"))
