"""What one can do about a letter: each button calls one service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.contact.models import ContactRequest
from directory.conversations import holding, reading, resident, services, writing
from directory.conversations.models import HeldMail
from directory.desk import crossing
from directory.desk.letter_content import Letter
from wiq.accounts.models import User
from wiq.typed import row_number


@dataclass(frozen=True)
class Told:
    """What the page says afterwards, and where it is, if elsewhere."""

    words: str
    url: str = ""


Typed = Mapping[str, Any]
Act = Callable[[Letter, Typed, Any], Told]


def _text(typed: Typed) -> str:
    return str(typed.get("text", ""))


def answer(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Mail an answer, unless a colleague has answered since the page was opened."""
    newer = reading.answered_since(
        conversation=letter.conversation, entry=str(typed.get("gelesen", "")), actor=actor
    )
    if newer:
        raise ValidationError(
            _("%s hat inzwischen geantwortet. Bitte lesen Sie das zuerst. Wenn Sie noch einmal auf „Antwort senden“ drücken, geht Ihre Antwort auch hinaus.")
            % newer
        )  # fmt: skip
    letter.sort.answer(letter.submission, text=_text(typed), actor=actor)
    return Told(_("Ihre Antwort ist unterwegs."))


def keep(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Keep an answer as a draft."""
    services.keep_draft(conversation=letter.conversation, text=_text(typed), actor=actor)
    return Told(_("Der Entwurf ist gespeichert. Nur Sie sehen ihn."))


def template(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Keep what is typed already, and begin with a template below it."""
    services.keep_draft(conversation=letter.conversation, text=_text(typed), actor=actor)
    page = reverse("desk_letter", args=[letter.conversation.reference])
    return Told("", f"{page}?{urlencode({'vorlage': typed.get('vorlage', '')})}#antwort")


def note(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Note something for the team."""
    services.note(submission=letter.submission, text=_text(typed), actor=actor)
    return Told(_("Die Notiz ist gespeichert."))


def call(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Note a call."""
    services.call(submission=letter.submission, text=_text(typed), actor=actor)
    return Told(_("Das Gespräch ist notiert."))


def take(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Take it."""
    letter.sort.assign(letter.submission, to=actor, actor=actor)
    return Told(_("Sie kümmern sich jetzt darum."))


def hand(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Hand it to a colleague, with a note if there is one."""
    number = str(typed.get("wer", ""))
    account = User.objects.filter(pk=row_number(number)).first()
    if account is None:
        raise ValidationError(_("Bitte wählen Sie, wer sich kümmern soll."))
    letter.sort.assign(letter.submission, to=account, actor=actor, text=_text(typed))
    return Told(_("%s kümmert sich jetzt darum.") % account)


def give_back(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Hand it back: nobody is in charge."""
    letter.sort.assign(letter.submission, to=None, actor=actor)
    return Told(_("Jetzt kümmert sich niemand darum. Es steht bei „Niemand kümmert sich“."))


def move(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Move it to a state."""
    state = str(typed.get("stand", ""))
    if state not in letter.sort.buttons and state != letter.sort.reopens:
        raise ValidationError(_("Das geht hier nicht."))
    moved = letter.sort.move(letter.submission, state, actor=actor)
    return Told(_("Der Stand ist jetzt „%s“.") % moved.get_state_display())


def decide(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Ask back or decide, with a text that goes to the person."""
    state = str(typed.get("stand", ""))
    if state not in letter.sort.decisions or letter.sort.decide is None:
        raise ValidationError(_("Das geht hier nicht."))
    moved = letter.sort.decide(letter.submission, state, text=_text(typed), actor=actor)
    words = _("Der Stand ist jetzt „%s“.") % moved.get_state_display()
    more = _("Ihr Text ist unterwegs.") if moved.email else _("Bitte rufen Sie die Person an.")
    return Told(f"{words} {more}")


def join(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Join another request of the same person to this one."""
    other = ContactRequest.objects.filter(reference=str(typed.get("andere", ""))).first()
    if other is None or letter.sort.join is None:
        raise ValidationError(_("Diese beiden lassen sich nicht verbinden."))
    letter.sort.join(kept=letter.submission, joined=other, actor=actor)
    return Told(_("Beide stehen jetzt hier zusammen."))


def cross(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Make an idea of a request, or a request of an idea."""
    made = crossing.crossed(letter.submission, actor=actor)
    found = writing.conversation_of(made)
    return Told(_("Hier geht es jetzt weiter."), reverse("desk_letter", args=[found.reference]))


def let_in(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Take a held mail as hers."""
    holding.let_in(mail=_held(letter, typed), actor=actor)
    return Told(_("Die E-Mail gehört jetzt dazu."))


def send_on(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Mail a held mail of the team to the resident."""
    holding.send_on(mail=_held(letter, typed), actor=actor)
    return Told(_("Die Antwort ist unterwegs."))


def note_authority(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Take a held mail as the answer of an authority."""
    holding.note_authority(mail=_held(letter, typed), actor=actor)
    return Told(_("Die Antwort der Behörde steht jetzt im Verlauf. Die Person sieht sie nicht."))


def drop(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Lay a held mail aside."""
    holding.drop(mail=_held(letter, typed), actor=actor)
    return Told(_("Die E-Mail ist weggelegt."))


def _held(letter: Letter, typed: Typed) -> HeldMail:
    number = str(typed.get("mail", ""))
    rows = HeldMail.objects.filter(conversation=letter.conversation)
    found = rows.filter(pk=row_number(number)).first()
    if found is None:
        raise ValidationError(_("Um diese E-Mail hat sich schon jemand gekümmert."))
    return found


def confirm_address(letter: Letter, typed: Typed, actor: Any) -> Told:
    """Say that a corrected address is hers."""
    resident.confirm_address(submission=letter.submission, actor=actor)
    return Told(_("Die Adresse ist bestätigt. Die Person sieht jetzt alles."))


ACTS: dict[str, Act] = {
    "adresse": confirm_address,
    "antworten": answer,
    "entwurf": keep,
    "vorlage": template,
    "notieren": note,
    "anruf": call,
    "nehmen": take,
    "geben": hand,
    "zurueck": give_back,
    "stand": move,
    "entscheiden": decide,
    "verbinden": join,
    "wechseln": cross,
    "einlassen": let_in,
    "senden": send_on,
    "behoerde": note_authority,
    "weglegen": drop,
}
