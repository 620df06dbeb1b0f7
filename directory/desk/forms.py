"""The forms of the guide: with few fields each, in the coordinators' own words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import schema_context
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminColorInputWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminNullBooleanSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from directory.people.choices import SeatState
from directory.people.models import Seat, Team
from directory.solutions.models import SolutionTeam
from tenants.districts.models import District, Operator
from wiq.editing.forms import VersionedForm
from wiq.media.pictures import check_picture
from wiq.tenancy import PUBLIC
from wiq.web.choices import offer


class DayInput(forms.DateInput):
    """An input with the browser's own calendar."""

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


class PlatformForm(VersionedForm):
    """A form for a row of the public schema, which the role of a district may not lock."""

    def _compare(self, seen: str) -> None:
        with schema_context(PUBLIC):
            super()._compare(seen)

    def changes(self) -> dict[str, Any]:
        """Return the values that somebody changed, by the names of their columns."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


_OPERATOR = (
    *("legal_name", "address", "representative", "email", "phone", "register_entry", "vat_id"),
    *("is_public_body", "publicly_funded", "news_editor", "data_protection_officer"),
)


class OperatorForm(PlatformForm):
    """The Träger, who is responsible for the pages."""

    title = _("Der Träger")

    class Meta:
        model = Operator
        fields = _OPERATOR
        widgets = _widgets(
            Operator, _OPERATOR, publicly_funded=UnfoldAdminNullBooleanSelectWidget()
        )


def operator_gaps(names: Iterable[str]) -> type[OperatorForm]:
    """Return a form for those fields of a Träger alone: what is known, others may change."""
    return cast(
        type[OperatorForm], forms.modelform_factory(Operator, OperatorForm, fields=[*names])
    )


class LegalForm(PlatformForm):
    """The district's own data on the legal pages."""

    title = _("Barrierefreiheit")

    class Meta:
        model = District
        fields = ("accessibility_checked_on", "accessibility_gaps")
        widgets = _widgets(District, fields)


class LookForm(PlatformForm):
    """The name and the colour of the pages."""

    title = _("Name, Farbe und Begrüßung")

    class Meta:
        model = District
        fields = ("name", "colour", "intro", "intro_en", "phone", "video_url")
        widgets = _widgets(District, fields, colour=UnfoldAdminColorInputWidget())
        help_texts: ClassVar = {
            "intro": _("Zwei, drei Sätze für die Startseite: Was ist „Wir im Quartier“ hier?"),
            "intro_en": _("Dasselbe auf Englisch. Darf leer bleiben."),
            "video_url": _(
                "Die Adresse eines Videos, zum Beispiel bei YouTube oder Vimeo. Es wird erst nach zwei Klicks geladen."
            ),
            "phone": _("Für alle, die lieber sprechen. Darf leer bleiben."),
        }


class PromiseForm(PlatformForm):
    """In how many working days residents get an answer."""

    title = _("Wie schnell Sie antworten")

    class Meta:
        model = District
        fields = ("answer_days",)
        widgets = _widgets(District, fields)


@dataclass(frozen=True)
class Shown:
    """A stored picture: its address and the text of the link to it."""

    url: str

    def __str__(self) -> str:
        return gettext("Bild ansehen")


class PictureInput(forms.ClearableFileInput):
    """An input for a picture, with a link to the current one and a box to delete it."""

    clear_checkbox_label: Any = _("Bild entfernen")
    initial_text: Any = _("Jetzt")
    input_text: Any = _("Neues Bild")

    def __init__(self, address: str) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png,image/webp"})
        self.address = address

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = Shown(reverse("district_picture", args=[self.address]))
        context["widget"]["value"] = shown if context["widget"]["is_initial"] else None
        return context


class PicturesForm(PlatformForm):
    """The logo and the picture on the start page."""

    title = _("Bilder")

    class Meta:
        model = District
        fields = ("logo", "header_picture", "header_alt")
        widgets: ClassVar = {
            "logo": PictureInput("logo"),
            "header_picture": PictureInput("kopf"),
            "header_alt": UnfoldAdminTextInputWidget,
        }
        help_texts: ClassVar = {
            "logo": _("Steht oben auf jeder Seite. Höchstens 5 MB, als JPEG, PNG oder WebP."),
            "header_picture": _("Am besten ein breites Foto aus dem Quartier. Alle darauf müssen einverstanden sein."),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("logo", "header_picture"):
            self.fields[name].validators.append(check_picture)

    def clean(self) -> dict[str, Any] | None:
        """Require a description for a picture. The row itself is not changed yet."""
        data = super().clean() or {}
        if data.get("header_picture") and not data.get("header_alt", "").strip():
            self.add_error("header_alt", _("Zu einem Bild gehört eine Bildbeschreibung."))
        return data

    def _post_clean(self) -> None:
        """Leave the row unchanged: the service redraws and stores the files, then names them."""


class MailboxForm(forms.Form):
    """The mailbox for requests."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse des Unterstützungsteams"), widget=UnfoldAdminEmailInputWidget
    )


class CodeForm(forms.Form):
    """The code from the mail to that mailbox."""

    code = forms.CharField(
        label=_("Code aus der E-Mail"),
        max_length=12,
        widget=UnfoldAdminTextInputWidget(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


class TeamForm(VersionedForm):
    """A team's presentation."""

    class Meta:
        model = Team
        fields = ("name", "description", "is_published")
        widgets = _widgets(Team, fields)


class SeatForm(VersionedForm):
    """Whether a seat is taken. The name is entered at the team's own page."""

    class Meta:
        model = Seat
        fields = ("state",)
        widgets: ClassVar = {"state": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = self.instance.state == SeatState.NAMED
        choices = [
            (value, label)
            for value, label in SeatState.choices
            if value != SeatState.NAMED or named
        ]
        offer(self, "state", choices)
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
    """The person to invite as the second coordinator."""

    email = forms.EmailField(label=_("E-Mail-Adresse"), widget=UnfoldAdminEmailInputWidget)
