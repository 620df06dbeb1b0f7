"""From a request to an idea and back: what somebody wrote goes on in the other room.

It stands here because requests and ideas stand side by side and know nothing of each other.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.contact import services as contact
from directory.contact.models import ContactRequest, RequestState
from directory.conversations import resident
from directory.conversations import services as conversations
from directory.conversations.writing import shortened
from directory.ideas import services as ideas
from directory.ideas.models import OPEN_STATES, Idea
from wiq.actors import Actor
from wiq.submissions import services as submissions
from wiq.submissions.models import SUSPICIOUS, Submission

SAME = ("name", "email", "phone", "language", "origin", "privacy_acknowledged_at")


@transaction.atomic
def crossed(submission: Submission, *, actor: Actor) -> Submission:
    """Make an idea of a request or a request of an idea, and close the first one.

    Whoever is in charge stays it, and a note on each side names the other. No mail goes out; the
    next answer does. Raises ValidationError for what is done, suspicious or forgotten.
    """
    held = submissions.locked(submission)
    if held.anonymised_at is not None or held.state == SUSPICIOUS or held.done_at is not None:
        raise ValidationError(_("Das geht nur, solange es noch offen ist."))
    in_charge = conversations.in_charge_of(conversations.held(held))
    same = {name: getattr(held, name) for name in SAME}
    made: ContactRequest | Idea
    if isinstance(held, ContactRequest):
        made = ideas.continue_request(
            title=shortened(held.message), description=held.message, same=same, actor=actor
        )
        contact.set_state(held, RequestState.CLOSED, actor=actor)
        words = (_("Daraus ist die Idee %s geworden."), _("Das war vorher die Anfrage %s."))
    elif isinstance(held, Idea) and held.state in OPEN_STATES:
        text = "\n\n".join(part for part in (held.title, held.description, held.place) if part)
        made = contact.continue_idea(message=text, same=same, actor=actor)
        ideas.give_up(held, actor=actor)
        words = (_("Daraus ist die Anfrage %s geworden."), _("Das war vorher die Idee %s."))
    else:
        raise ValidationError(_("Das geht hier nicht."))
    conversations.note(submission=held, text=words[0] % made.reference, actor=actor)
    conversations.note(submission=made, text=words[1] % held.reference, actor=actor)
    conversations.go_on_in(submission=held, other=made)
    if conversations.held(held).seen_from is not None:
        resident.address_corrected(made)
    if in_charge is not None:
        conversations.assign(submission=made, to=in_charge, actor=actor)
    return made
