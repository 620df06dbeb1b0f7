"""What the ideas room mails in the morning: whether an answer helped."""

from directory.ideas import helped
from wiq.night import Chore, mornings

mornings.register(Chore("asked_whether_it_helped_with_ideas", helped.ask_due, only_published=True))
