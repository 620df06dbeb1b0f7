"""A slowed district's mails go out one after the other (wiq.reputation)."""

from wiq.mail.models import Message
from wiq.mail.refused import ACCOUNTS
from wiq.reputation import services as reputation
from wiq.reputation.models import Slowed


def is_slowed(district_id: int | None) -> bool:
    """Tell whether the mails of a district wait for each other; the platform's never do."""
    return district_id is not None and Slowed.objects.filter(district_id=district_id).exists()


def may_go(message: Message, district_id: int) -> bool:
    """Tell whether a mail of a slowed district may be tried now.

    Mails of accounts always may: somebody waits for them, and they go to people of the desk.
    """
    about = message.about_type
    return not about or about.startswith(ACCOUNTS) or reputation.take_turn(district_id)
