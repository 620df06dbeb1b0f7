"""Open tasks about ideas."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.ideas.models import Idea
from wiq.admin.waiting import SHOWN, Pile, Task, age, waits


@waits(place=120, permission="ideas.view_idea")
def open_ideas(request: HttpRequest) -> Pile:
    """Ideas that nobody has decided on yet."""
    waiting = Idea.objects.open()
    tasks = [
        Task(
            idea.title,
            f"{age(idea.created_at)}, {idea.get_state_display()}",
            reverse("desk_letter", args=[idea.reference]),
        )
        for idea in waiting[:SHOWN]
    ]
    url = reverse("desk_inbox") + "?art=idea"
    return Pile(_("Offene Ideen"), waiting.count(), url, tasks, act=_("Lesen"))
