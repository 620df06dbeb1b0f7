"""Open tasks about ideas."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.ideas.models import Idea
from wiq.admin.waiting import SHOWN, Pile, Task, age, change_url, list_url, waits


@waits(place=120, permission="ideas.view_idea")
def open_ideas(request: HttpRequest) -> Pile:
    """Ideas that nobody has decided on yet."""
    waiting = Idea.objects.open()
    tasks = [
        Task(
            idea.title,
            f"{age(idea.created_at)}, {idea.get_state_display()}",
            change_url("ideas_idea", idea.pk),
        )
        for idea in waiting[:SHOWN]
    ]
    return Pile(_("Offene Ideen"), waiting.count(), list_url("ideas_idea"), tasks)
