"""The coordinators' inbox: contact requests with the state of each of their mails."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.views import ChangeList

from directory.contact import acts, services
from directory.contact.forms import ContactForm
from directory.contact.models import ContactRequest, RequestState
from wiq.admin.acts import Group, told
from wiq.admin.badges import colours
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import district_site
from wiq.admin.submissions import NotesReading
from wiq.admin.waiting import change_url
from wiq.audit import words
from wiq.editing.forms import VersionedForm
from wiq.mail.models import Message
from wiq.outbox import services as outbox
from wiq.outbox.models import Pointer, State
from wiq.outbox.words import why
from wiq.submissions import history
from wiq.submissions.fields import Judged
from wiq.submissions.models import Origin

TYPED = ("team", "name", "email", "phone", "message")
# Recorded at the desk, a call keeps the rules of the form.
RULES = {
    name: field.rule
    for name, field in ContactForm.base_fields.items()
    if isinstance(field, Judged) and name in TYPED and name != "team"
}


class CallForm(VersionedForm):
    """A telephone call to record."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        # This form lacks a field of the model's constraint, so Django does not check that one.
        if self.instance.pk is None and not (
            self.cleaned_data.get("email") or self.cleaned_data.get("phone")
        ):
            text = _("Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.")
            self.add_error("email", text)
        return data


class RequestList(ChangeList):
    """A page of requests, each with the state of its mails."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        states = states_of_mails([found.pk for found in self.result_list])
        for found in self.result_list:
            found.mail_states = states[found.pk]


@admin.register(ContactRequest, site=district_site)
class ContactRequestAdmin(NotesReading, AuditedAdmin):
    """Requests from residents: to read, move and mail again; telephone calls can be added."""

    form = CallForm
    list_display = ("reference", "shown_state", "kind", "name", "to", "created_at", "shown_mails")
    list_filter = ("state", "kind", "team", "origin")
    search_fields = ("reference", "name", "email", "phone")
    date_hierarchy = "created_at"
    actions: ClassVar = ["take", "close", "mark_spam", "send_again"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("team", "solution_team")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RequestList

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return TYPED
        return (
            *(
                "reference",
                "state",
                "kind",
                "occasion",
                "team",
                "solution_team",
                "name",
                "email",
                "phone",
            ),
            *("message", "spoken"),
            *("origin", "created_at", "taken_at", "taken_over_by", "answered_at", "closed_at"),
            *("history", "mails"),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    def get_acts(self, request: HttpRequest, obj: ContactRequest) -> list[Group]:
        return acts.of_request(obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in RULES:
            field.validators.append(RULES[db_field.name])
        return field

    def write(self, request: HttpRequest, obj: ContactRequest, form: Any, change: bool) -> None:
        """Record a telephone call. What happens to a request later are acts."""
        if change:
            return
        recorded = services.record_call(
            team=obj.team, name=obj.name, email=obj.email, phone=obj.phone, message=obj.message,
            actor=account(request),
        )  # fmt: skip
        obj.pk, obj.reference = recorded.pk, recorded.reference
        obj.origin = Origin.PHONE

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody can delete a request by mistake; retention erases them in time."""
        return False

    @display(
        description=_("Stand"),
        ordering="state",
        label=colours(
            RequestState,
            {
                RequestState.NEW: "danger",
                RequestState.TAKEN: "warning",
                RequestState.ANSWERED: "success",
            },
        ),
    )
    def shown_state(self, contact_request: ContactRequest) -> tuple[str, str]:
        return contact_request.state, contact_request.get_state_display()

    @admin.display(description=_("an"))
    def to(self, contact_request: ContactRequest) -> str:
        return str(contact_request.solution_team or contact_request.team or "")

    @admin.display(description=_("E-Mails"))
    def shown_mails(self, contact_request: ContactRequest) -> str:
        labels = dict(State.choices)
        states = [str(labels[state]) for state in contact_request.mail_states]
        return ", ".join(states) or str(_("keine"))

    @admin.display(description=_("übernommen von"))
    def taken_over_by(self, contact_request: ContactRequest) -> str:
        return words.called(contact_request.taken_by)

    @admin.display(description=_("Verlauf"))
    def history(self, contact_request: ContactRequest) -> SafeString:
        return history.as_list(contact_request.steps.all())

    @admin.display(description=_("E-Mails"))
    def mails(self, contact_request: ContactRequest) -> SafeString:
        """Show each mail with its recipient, its state, the number of tries and the last error.

        The recipient leads to the page where a mistyped address is corrected.
        """
        return format_html(
            "<ul>{}</ul>",
            format_html_join(
                "",
                '<li><a class="underline" href="{}">{}</a>: <strong>{}</strong>, {}. {}</li>',
                (
                    (
                        change_url("mail_message", message.pk),
                        message.to,
                        pointer.get_state_display(),
                        ngettext("%d Versuch", "%d Versuche", pointer.attempts) % pointer.attempts,
                        why(pointer.last_error),
                    )
                    for message, pointer in mails_of(contact_request)
                ),
            ),
        )

    @admin.action(description=_("Ich kümmere mich"), permissions=["change"])
    def take(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, RequestState.TAKEN)

    @admin.action(description=_("Erledigt"), permissions=["change"])
    def close(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, RequestState.CLOSED)

    @admin.action(description=_("Spam"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, RequestState.SPAM)

    @admin.action(description=_("E-Mails noch einmal senden"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: Any) -> None:
        """Retry every undelivered mail; write mails that are still missing."""
        count = sum(services.send_mails_again(found, actor=account(request)) for found in queryset)
        text = ngettext("%d E-Mail ist unterwegs.", "%d E-Mails sind unterwegs.", count)
        messages.success(request, text % count)

    def _move(self, request: HttpRequest, queryset: Any, state: RequestState) -> None:
        moves = [
            services.set_state(found, state, actor=account(request)).state != found.state
            for found in queryset
        ]
        self.message_user(request, told(sum(moves), len(moves)))


def states_of_mails(numbers: list[int]) -> dict[int, list[str]]:
    """Return the states of each request's mails, with two queries for any number of requests.

    One query can't do it: mails are in the district's schema, their pointers in the public one.
    """
    mails = Message.objects.filter(
        about_type=ContactRequest._meta.label_lower, about_id__in=numbers
    ).values_list("uuid", "about_id")
    about: dict[Any, Any] = dict(mails)
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for pointer in sorted(outbox.pointers_of(about).values(), key=lambda pointer: pointer.pk):
        found[about[pointer.message_uuid]].append(pointer.state)
    return found


def mails_of(contact_request: ContactRequest) -> list[tuple[Message, Pointer]]:
    """Return the mails of a request, each with its pointer."""
    found = list(Message.objects.about(contact_request).order_by("pk"))
    pointers = outbox.pointers_of([message.uuid for message in found])
    return [(message, pointers[message.uuid]) for message in found if message.uuid in pointers]
