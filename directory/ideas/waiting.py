"""Open tasks about ideas."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.conversations.elsewhere import listed_elsewhere
from directory.ideas.models import Idea
from wiq.admin.waiting import Asked, Task, age, pile_of, waits


@waits(place=120, permission="ideas.view_idea")
def open_ideas(request: HttpRequest) -> Asked:
    """Ideas that nobody has decided on yet."""
    waiting = Idea.objects.open().exclude(listed_elsewhere(request, Idea))
    url = reverse("desk_inbox") + "?art=idea"
    fields = ("title", "created_at", "state", "reference")
    return pile_of(_("Offene Ideen"), waiting, _task, fields=fields, url=url, act=_("Lesen"))


def _task(idea: Idea) -> Task:
    return Task(
        idea.title,
        f"{age(idea.created_at)}, {idea.get_state_display()}",
        reverse("desk_letter", args=[idea.reference]),
        idea.created_at,
    )
