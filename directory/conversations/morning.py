"""What conversations mail in the morning: reminders, and that something takes longer."""

from directory.conversations import reminding
from wiq.night import Chore, mornings

mornings.register(Chore("reminders", reminding.remind, only_published=True))
mornings.register(Chore("delays_told", reminding.tell_of_delay, only_published=True))
