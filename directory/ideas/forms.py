"""The short guided form for an idea."""

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.ideas.models import PLACE_MAX, TITLE_MAX, Help
from directory.ideas.rules import check_description, check_help, check_place, check_title
from wiq.submissions import fields
from wiq.submissions.forms import SubmissionForm


class IdeaForm(SubmissionForm):
    """Three questions: what, where and with whom, and how we reach you."""

    title = fields.Judged(
        check_title,
        label=_("Worum geht es?"),
        must_be_sent=True,
        help_text=_("Ein paar Worte genügen, zum Beispiel: eine Bank am Kanal."),
        widget=fields.line(TITLE_MAX, **fields.MUST),
    )
    description = fields.text_field(
        _("Erzählen Sie uns von Ihrer Idee"),
        _(
            "Was fehlt oder könnte besser sein? Was stellen Sie sich vor? Ihr Plan muss nicht fertig sein."
        ),
        rule=check_description,
    )
    place = fields.Judged(
        check_place,
        label=_("Wo ist das?"),
        help_text=_("Wenn Sie es wissen: eine Straße, ein Platz, ein Park."),
        widget=fields.line(PLACE_MAX),
    )
    wants_to_help = fields.OneOf(
        check_help,
        Help.values,
        label=_("Möchten Sie selbst mitmachen?"),
        initial=Help.MAYBE.value,
        widget=forms.RadioSelect(choices=Help.choices),
    )
    name = fields.name_field()
    email = fields.email_field()
    phone = fields.phone_field()
    field_order = (
        *("title", "description", "place", "wants_to_help", "name", "email", "phone"),
        "privacy_acknowledged",
    )

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the form's three parts, each with its heading."""
        return [
            (str(_("Ihre Idee")), [self["title"], self["description"]]),
            (str(_("Ort und Mitmachen")), [self["place"], self["wants_to_help"]]),
            (str(_("So erreichen wir Sie")), [self["name"], self["email"], self["phone"]]),
        ]
