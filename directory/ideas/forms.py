"""The short guided form for an idea."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.ideas.models import PLACE_MAX, TITLE_MAX, Help
from directory.ideas.rules import Checked, NewIdea, check
from wiq.submissions import forms as fields


class IdeaForm(fields.SubmissionForm):
    """Three questions: what, where and with whom, and how we reach you."""

    title = forms.CharField(
        label=_("Worum geht es?"),
        required=False,
        strip=False,
        help_text=_("Ein paar Worte genügen, zum Beispiel: eine Bank am Kanal."),
        widget=fields.line(TITLE_MAX, **fields.MUST),
    )
    description = fields.text_field(
        _("Erzählen Sie uns von Ihrer Idee"),
        _(
            "Was fehlt, oder was könnte besser sein? Was stellen Sie sich vor? Fertig muss nichts sein."
        ),
        **fields.MUST,
    )
    place = forms.CharField(
        label=_("Wo ist das? (wenn Sie es wissen)"),
        required=False,
        strip=False,
        help_text=_("Eine Straße, ein Platz, ein Park."),
        widget=fields.line(PLACE_MAX),
    )
    wants_to_help = forms.CharField(
        label=_("Möchten Sie selbst mitmachen?"),
        required=False,
        initial=Help.MAYBE,
        widget=forms.RadioSelect(choices=Help.choices),
    )
    name = fields.name_field()
    email = fields.email_field()
    phone = fields.phone_field()
    field_order = (
        *("title", "description", "place", "wants_to_help", "name", "email", "phone"),
        "privacy_acknowledged",
    )
    checked: Checked | None = None

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the form's three parts, each with its heading."""
        return [
            (str(_("Ihre Idee")), [self["title"], self["description"]]),
            (str(_("Ort und Mitmachen")), [self["place"], self["wants_to_help"]]),
            (str(_("So erreichen wir Sie")), [self["name"], self["email"], self["phone"]]),
        ]

    def check(self) -> None:
        """Apply the room's rules."""
        self.checked = check(
            NewIdea(
                title=self.value("title"),
                description=self.value("description"),
                place=self.value("place"),
                wants_to_help=self.value("wants_to_help") or Help.MAYBE,
                name=self.value("name"),
                email=self.value("email"),
                phone=self.value("phone"),
                privacy_acknowledged=self.is_acknowledged,
                language=get_language() or "de",
            )
        )
