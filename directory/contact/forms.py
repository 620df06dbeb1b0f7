"""The contact form: to a chosen team, or to the solution team whose page led here."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.contact.models import ASKED_FOR, RequestKind
from directory.contact.rules import (
    check_company,
    check_kind,
    check_occasion,
    check_solution_team,
    check_team,
)
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.submissions import fields
from wiq.submissions.forms import SubmissionForm
from wiq.submissions.occasions import Occasion

MESSAGE_LABELS = {
    RequestKind.JOIN: _("Wie möchten Sie mitmachen?"),
    RequestKind.BARRIER: _("Wo sind Sie auf eine Barriere gestoßen?"),
    RequestKind.ATTEND: _("Mit wie vielen kommen Sie?"),
}
MESSAGE_HELP = {
    RequestKind.JOIN: _("Erzählen Sie kurz von sich: Was können oder möchten Sie gern tun?"),
    RequestKind.BARRIER: _("Auf welcher Seite war das und was hat nicht geklappt?"),
    RequestKind.ATTEND: _(
        "Eine Zahl genügt. Möchten Sie noch etwas wissen? Dann schreiben Sie es dazu."
    ),
}


class ContactForm(SubmissionForm):
    """What a resident fills in, or a program sends."""

    team = fields.Judged(
        check_team,
        label=_("An wen möchten Sie schreiben?"),
        help_text=_("Sie sind nicht sicher? Dann wählen Sie „Unterstützungsteam“."),
        widget=forms.Select,
        told="slug of a team of this district",
    )
    name = fields.name_field()
    email = fields.email_field()
    phone = fields.phone_field()
    message = fields.text_field(
        _("Ihre Nachricht"), _("Was möchten Sie fragen oder erzählen? Ein paar Sätze genügen.")
    )
    solution_team = fields.Judged(
        check_solution_team, widget=forms.HiddenInput, told="slug of a public solution team"
    )
    kind = fields.OneOf(
        check_kind,
        [kind.value for kind in ASKED_FOR],
        initial=RequestKind.MESSAGE.value,
        widget=forms.HiddenInput,
    )
    occasion = fields.Judged(
        check_occasion, widget=forms.HiddenInput, told="what one registers for, as termin:12"
    )
    field_order = ("team", "name", "email", "phone", "message", "privacy_acknowledged")
    aside = ("solution_team", "kind", "occasion")
    # Only on pages: the solution team that it is addressed to, and its kind.
    addressed_to: SolutionTeam | None = None
    registers_for: Occasion | None = None
    asked_for: str = RequestKind.MESSAGE.value
    is_lost = lost_occasion = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        message = self.fields["message"]
        if self.data.get("occasion") and isinstance(message, fields.Judged):
            message.rule = check_company

    @classmethod
    def on_page(
        cls, data: QueryDict | None, *, teams: list[Team], solution_team: SolutionTeam | None = None,
        kind: str = RequestKind.MESSAGE.value, occasion: Occasion | None = None, **kwargs: Any,
    ) -> "ContactForm":  # fmt: skip
        """Return the form for a page: with teams to choose from, or with a fixed recipient."""
        lost = data is not None and (
            (bool(data.get("solution_team")) and solution_team is None)
            or (bool(data.get("occasion")) and occasion is None)
        )
        key = occasion.key if occasion else ""
        given: dict[str, Any] | None = None
        if data is not None:
            slug = solution_team.slug if solution_team else ""
            given = {**data.dict(), "solution_team": slug, "kind": kind, "occasion": key}
        form = cls(given, **kwargs)
        form.addressed_to, form.asked_for, form.is_lost = solution_team, kind, lost
        form.lost_occasion = data is not None and bool(data.get("occasion")) and occasion is None
        select = form.fields["team"].widget
        assert isinstance(select, forms.Select)
        select.choices = [(team.slug, _choice(team)) for team in teams]
        form.fields["solution_team"].initial = solution_team.slug if solution_team else ""
        form.fields["kind"].initial = kind
        form.fields["occasion"].initial = key
        if occasion is not None:
            kind = RequestKind.ATTEND.value
            form.registers_for, form.asked_for = occasion, kind
            form.fields["message"].widget.attrs["rows"] = 3
        if kind in MESSAGE_LABELS:
            form.fields["message"].label = MESSAGE_LABELS[RequestKind(kind)]
            form.fields["message"].help_text = MESSAGE_HELP[RequestKind(kind)]
        return form

    @property
    def chooses_team(self) -> bool:
        """Tell whether the select is shown; a solution team or a kind sets the recipient itself."""
        select = self.fields["team"].widget
        assert isinstance(select, forms.Select)
        is_open = self.addressed_to is None and self.asked_for == RequestKind.MESSAGE
        return is_open and bool(select.choices)

    def typed(self) -> list[forms.BoundField]:
        """Return the fields of the form, without the select if it is hidden."""
        return [field for field in super().typed() if field.name != "team" or self.chooses_team]

    def clean(self) -> dict[str, Any]:
        """Refuse a post to a solution team that has disappeared since the page was opened."""
        if self.is_lost:
            text = _("Dieses Lösungsteam gibt es nicht mehr. An wen möchten Sie schreiben?")
            if self.lost_occasion:
                text = _("Dazu kann man sich nicht mehr anmelden. An wen möchten Sie schreiben?")
            self.add_error("team", text)
        return super().clean()

    def check_together(self, data: dict[str, Any]) -> None:
        """Require a single recipient, and a solution team for an offer to take part."""
        if data["occasion"] is None and data["team"] and data["solution_team"]:
            text = _("Bitte wählen Sie ein Team oder ein Lösungsteam, nicht beides.")
            raise ValidationError({"team": text})
        if data["kind"] == RequestKind.JOIN and data["solution_team"] is None:
            raise ValidationError({"kind": _("Wobei möchten Sie mitmachen?")})

    def values(self) -> dict[str, Any]:
        """Return the values; what one registers for says who reads the request."""
        values = super().values()
        occasion: Occasion | None = values["occasion"]
        if occasion is None:
            return values | {"occasion": ""}
        return values | {
            "occasion": occasion.words,
            "kind": RequestKind.ATTEND.value,
            "team": occasion.team,
            "solution_team": occasion.solution_team,
        }


def _choice(team: Team) -> str:
    """Return a team's name; in other languages with the word for its kind."""
    return team.name if get_language() == "de" else f"{team.get_kind_display()} ({team.name})"
