"""The forms of the guide: few fields each, in the words of the coordination."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminColorInputWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from directory.people.choices import SeatState
from directory.people.models import Seat, Team
from directory.solutions.models import SolutionTeam
from tenants.districts.models import District, Operator


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    def __init__(self) -> None:
        super().__init__(
            attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%d"
        )


def _widgets(model: Any, names: tuple[str, ...], **other: Any) -> dict[str, Any]:
    """Return unfold's widgets for the fields of a model."""
    kinds = {
        "TextField": lambda: UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        "DateField": DayInput,
        "BooleanField": UnfoldBooleanSwitchWidget,
        "EmailField": UnfoldAdminEmailInputWidget,
    }
    fields = {field.name: field.get_internal_type() for field in model._meta.concrete_fields}
    return {name: kinds.get(fields[name], UnfoldAdminTextInputWidget)() for name in names} | other


_OPERATOR = (
    *("legal_name", "address", "representative", "email", "phone", "register_entry", "vat_id"),
    *("is_public_body", "news_editor", "data_protection_officer"),
)


class OperatorForm(forms.ModelForm):
    """Who is responsible for the pages."""

    class Meta:
        model = Operator
        fields = _OPERATOR
        widgets = _widgets(Operator, _OPERATOR)


class LegalForm(forms.ModelForm):
    """What the legal pages say of the district itself."""

    class Meta:
        model = District
        fields = ("processing_agreement_on", "accessibility_checked_on", "accessibility_gaps")
        widgets = _widgets(District, fields)


class LookForm(forms.ModelForm):
    """What the pages are called and look like."""

    class Meta:
        model = District
        fields = ("name", "colour", "intro", "phone")
        widgets = _widgets(District, fields, colour=UnfoldAdminColorInputWidget())
        help_texts: ClassVar = {
            "intro": _("Zwei, drei Sätze für die Startseite: Was ist „Wir im Quartier“ hier?"),
            "phone": _("Für alle, die lieber sprechen. Darf leer bleiben."),
        }


class MailboxForm(forms.Form):
    """Where requests go."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse des Unterstützungsteams"), widget=UnfoldAdminEmailInputWidget
    )


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=_("Code aus der Mail"),
        max_length=12,
        widget=UnfoldAdminTextInputWidget(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


class TeamForm(forms.ModelForm):
    """A team that introduces itself."""

    class Meta:
        model = Team
        fields = ("name", "description", "is_published")
        widgets = _widgets(Team, fields)


class SeatForm(forms.ModelForm):
    """Whether a seat is taken. Who sits there, by name, is said at the team's own page."""

    class Meta:
        model = Seat
        fields = ("state",)
        widgets: ClassVar = {"state": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = self.instance.state == SeatState.NAMED
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in SeatState.choices
            if value != SeatState.NAMED or named
        ]
        self.fields["state"].label = str(self.instance)


class FirstTeamForm(forms.ModelForm):
    """The first solution team."""

    is_public = forms.BooleanField(
        label=_("Gleich zeigen, sobald die Seiten öffentlich sind"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
    )

    class Meta:
        model = SolutionTeam
        fields = ("name", "challenge", "approach")
        widgets = _widgets(SolutionTeam, fields)


class SecondForm(forms.Form):
    """Whom to invite as the second one in the coordination."""

    email = forms.EmailField(label=_("E-Mail-Adresse"), widget=UnfoldAdminEmailInputWidget)
