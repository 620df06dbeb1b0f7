"""Open tasks in the inbox."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.contact.models import ContactRequest
from directory.conversations.elsewhere import listed_elsewhere
from wiq.admin.waiting import Asked, Task, age, pile_of, waits

FIELDS = ("name", "created_at", "state", "reference", "team__name", "solution_team__name")


@waits(place=100, permission="contact.view_contactrequest")
def open_requests(request: HttpRequest | None) -> Asked:
    """Contact requests that nobody has answered yet."""
    waiting = ContactRequest.objects.open()
    if request is not None:
        # What somebody has taken stands under their own name, and a reply among the replies.
        waiting = waiting.exclude(listed_elsewhere(request, ContactRequest))
    url = reverse("desk_inbox")
    return pile_of(
        _("Offene Kontaktanfragen"), waiting, _task, fields=FIELDS, url=url, act=_("Antworten")
    )


def _task(found: ContactRequest) -> Task:
    whom = found.solution_team or found.team or _("Unterstützungsteam")
    return Task(
        _("%(who)s an %(whom)s") % {"who": found.name, "whom": whom},
        f"{age(found.created_at)}, {found.get_state_display()}",
        reverse("desk_letter", args=[found.reference]),
        found.created_at,
    )
