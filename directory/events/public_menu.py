"""Whether the main menu leads to the dates: while there is one to see, coming or over."""

from directory.events.models import Event
from wiq.web.public_menu import Question, questions

questions.register(Question("events:list", lambda: Event.objects.published().exists()))
