"""Open tasks in the inbox."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.contact.models import ContactRequest
from wiq.admin.waiting import SHOWN, Pile, Task, age, change_url, list_url, waits


@waits(place=100, permission="contact.view_contactrequest")
def open_requests(request: HttpRequest) -> Pile:
    """Contact requests that nobody has answered yet."""
    waiting = ContactRequest.objects.open().select_related("team", "solution_team")
    tasks = [
        Task(
            _("%(who)s an %(whom)s")
            % {
                "who": found.name,
                "whom": found.solution_team or found.team or _("Unterstützungsteam"),
            },
            f"{age(found.created_at)}, {found.get_state_display()}",
            change_url("contact_contactrequest", found.pk),
        )
        for found in waiting[:SHOWN]
    ]
    url = list_url("contact_contactrequest")
    return Pile(_("Offene Kontaktanfragen"), waiting.count(), url, tasks)
