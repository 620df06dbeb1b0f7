"""What the coordination does with a request: buttons where its text is read."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from directory.contact import services
from directory.contact.models import ContactRequest, RequestState
from wiq.admin.acts import Act, Group
from wiq.submissions.models import StepKind

Typed = Mapping[str, Any]
VERBS = {
    RequestState.TAKEN: _("Ich kümmere mich"),
    RequestState.ANSWERED: _("Beantwortet"),
    RequestState.CLOSED: _("Erledigt"),
    RequestState.NEW: _("Wieder offen"),
    RequestState.SPAM: _("Als Spam ablegen"),
}


class AnsweredForm(forms.Form):
    """How a request was answered, where no answer stands in its history."""

    how = forms.ChoiceField(
        label=_("Wie haben Sie geantwortet?"),
        help_text=_("Nur für „Beantwortet“, solange hier keine Antwort steht."),
        required=False,
        choices=[
            ("", _("Noch gar nicht")),
            ("mail", _("Per E-Mail")),
            ("phone", _("Am Telefon")),
            ("met", _("Persönlich")),
            ("none", _("Eine Antwort war nicht nötig")),
        ],
    )


def of_request(found: ContactRequest) -> list[Group]:
    """Return the moves to all other states, and the mails that can be sent again."""
    if found.anonymised_at is not None:
        return []
    if found.state == RequestState.SPAM:
        no_spam = Act(
            str(RequestState.NEW), _("Kein Spam"), _mover(RequestState.NEW), look="primary"
        )
        about = _("Dann geht sie ihren gewöhnlichen Weg. E-Mails, die noch fehlen, gehen hinaus.")
        return [Group("state", _("Spam?"), [no_spam], about=about, seen=("state",))]
    moves = [
        Act(str(state), label, _mover(state), _field_of(found, state), look=_look(found, state))
        for state, label in VERBS.items()
        if state != found.state
    ]
    again = Act("send_again", _("E-Mails noch einmal senden"), _send_again)
    about = _("Nur was nicht angekommen ist, geht noch einmal hinaus.")
    return [
        Group("state", _("Wie weit ist es?"), moves, _form_of(found), seen=("state",)),
        Group("mails", _("E-Mails"), [again], about=about),
    ]


def _has_answer(found: ContactRequest) -> bool:
    return found.steps.filter(kind=StepKind.MESSAGE).exists()


def _asks(found: ContactRequest) -> bool:
    """Tell whether "Beantwortet" has to ask: nobody answered here, and it is not answered yet."""
    return found.state != RequestState.ANSWERED and not _has_answer(found)


def _form_of(found: ContactRequest) -> type[forms.Form]:
    return AnsweredForm if _asks(found) else forms.Form


def _field_of(found: ContactRequest, state: RequestState) -> str | None:
    return "how" if state == RequestState.ANSWERED and _asks(found) else None


def _look(found: ContactRequest, state: RequestState) -> str:
    """Return how a button looks: the usual next step stands out."""
    usual = RequestState.TAKEN if found.state == RequestState.NEW else RequestState.ANSWERED
    return "primary" if state == usual else "default"


def _mover(state: RequestState) -> Callable[[ContactRequest, Typed, Model], Any]:
    def move(found: ContactRequest, typed: Typed, actor: Model) -> Any:
        if state == RequestState.ANSWERED and _asks(found) and not typed.get("how"):
            raise ValidationError(
                _("Hier steht noch keine Antwort. Bitte sagen Sie, wie Sie geantwortet haben.")
            )
        moved = services.set_state(found, state, actor=actor)
        return gettext("Die Anfrage ist jetzt im Stand „%s“.") % moved.get_state_display()

    return move


def _send_again(found: ContactRequest, typed: Typed, actor: Model) -> Any:
    count = services.send_mails_again(found, actor=actor)
    if not count:
        return _("Alle E-Mails sind schon angekommen.")
    return ngettext("%d E-Mail ist unterwegs.", "%d E-Mails sind unterwegs.", count) % count
