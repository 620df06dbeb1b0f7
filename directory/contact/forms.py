"""The contact form: to a team of one's choice, or to the solution team one comes from."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.contact.models import RequestKind
from directory.contact.rules import Checked, NewRequest, check
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.submissions import forms as fields

MESSAGE_LABELS = {
    RequestKind.JOIN: _("Wie möchten Sie mitmachen?"),
    RequestKind.BARRIER: _("Wo sind Sie auf eine Barriere gestoßen?"),
}
MESSAGE_HELP = {
    RequestKind.JOIN: _("Erzählen Sie kurz von sich: Was können oder möchten Sie gern tun?"),
    RequestKind.BARRIER: _("Auf welcher Seite war das, und was hat nicht geklappt?"),
}


class ContactForm(fields.SubmissionForm):
    """What a resident fills in. The rules are ``directory.contact.rules``, as for the API."""

    team = forms.CharField(
        label=_("An wen möchten Sie schreiben?"),
        required=False,
        help_text=_("Sie sind nicht sicher? Dann lassen Sie das Unterstützungsteam stehen."),
        widget=forms.Select,
    )
    name = fields.name_field()
    email = fields.email_field()
    phone = fields.phone_field()
    message = fields.text_field(
        _("Ihre Nachricht"),
        _("Was möchten Sie fragen oder erzählen? Ein paar Sätze genügen."),
        **fields.MUST,
    )
    solution_team = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("team", "name", "email", "phone", "message", "privacy_acknowledged")
    aside = ("solution_team", "kind")

    def __init__(
        self,
        *args: Any,
        teams: list[Team],
        solution_team: SolutionTeam | None = None,
        kind: str = RequestKind.MESSAGE,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.checked: Checked | None = None
        # Named in the hidden field, but not there any more: the person chooses anew.
        self.is_lost = bool(self.data.get("solution_team")) and solution_team is None
        if self.is_lost:
            self.data = dict(self.data.items()) | {"solution_team": "", "kind": kind}
        self.addressed_to, self.asked_for = solution_team, kind
        select = self.fields["team"].widget
        assert isinstance(select, forms.Select)
        select.choices = [(team.slug, _choice(team)) for team in teams]
        self.fields["solution_team"].initial = solution_team.slug if solution_team else ""
        self.fields["kind"].initial = kind
        if kind in MESSAGE_LABELS:
            self.fields["message"].label = MESSAGE_LABELS[RequestKind(kind)]
            self.fields["message"].help_text = MESSAGE_HELP[RequestKind(kind)]

    @property
    def chooses_team(self) -> bool:
        """Tell whether the select is shown: a solution team or a kind decides by itself."""
        select = self.fields["team"].widget
        assert isinstance(select, forms.Select)
        is_open = self.addressed_to is None and self.asked_for == RequestKind.MESSAGE
        return is_open and bool(select.choices)

    def typed(self) -> list[forms.BoundField]:
        """Return the fields of the form, the select only where it is shown."""
        return [field for field in super().typed() if field.name != "team" or self.chooses_team]

    def check(self) -> None:
        """Apply the room's rules."""
        if self.is_lost:
            text = _("Dieses Lösungsteam gibt es nicht mehr. An wen möchten Sie schreiben?")
            raise ValidationError({"team": text})
        self.checked = check(
            NewRequest(
                name=self.value("name"),
                email=self.value("email"),
                phone=self.value("phone"),
                message=self.value("message"),
                privacy_acknowledged=self.is_acknowledged,
                team=self.value("team"),
                solution_team=self.value("solution_team"),
                kind=self.asked_for,
                language=get_language() or "de",
            )
        )


def _choice(team: Team) -> str:
    """Return a team's name; beside the German one, others need the word for its kind."""
    return team.name if get_language() == "de" else f"{team.get_kind_display()} ({team.name})"
