"""What the contact room mails in the morning: whether an answer helped."""

from directory.contact import helped
from wiq.night import Chore, mornings

mornings.register(Chore("asked_whether_it_helped", helped.ask_due, only_published=True))
