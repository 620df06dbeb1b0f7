"""Open tasks in the inbox."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.contact.models import ContactRequest
from directory.conversations.models import Conversation
from wiq.admin.waiting import SHOWN, Pile, Task, age, waits


@waits(place=100, permission="contact.view_contactrequest")
def open_requests(request: HttpRequest | None) -> Pile:
    """Contact requests that nobody has answered yet."""
    waiting = ContactRequest.objects.open().select_related("team", "solution_team")
    if request is not None:
        # What somebody has taken stands above, under their own name.
        mine = Conversation.objects.of(int(getattr(request.user, "pk", 0)))
        kind = ContactRequest._meta.label_lower
        waiting = waiting.exclude(pk__in=mine.filter(about_type=kind).values("about_id"))
    tasks = [
        Task(
            _("%(who)s an %(whom)s")
            % {
                "who": found.name,
                "whom": found.solution_team or found.team or _("Unterstützungsteam"),
            },
            f"{age(found.created_at)}, {found.get_state_display()}",
            reverse("desk_letter", args=[found.reference]),
        )
        for found in waiting[:SHOWN]
    ]
    url = reverse("desk_inbox")
    return Pile(_("Offene Kontaktanfragen"), waiting.count(), url, tasks, act=_("Antworten"))
