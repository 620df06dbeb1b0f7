"""Mails that did not arrive, at the desk of a district and at the project team's console."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminEmailInputWidget

from wiq.admin.acts import Act, Group
from wiq.admin.base import AuditedAdmin
from wiq.admin.sites import district_site, platform_site
from wiq.mail import resending
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State
from wiq.outbox.services import pointers_of
from wiq.outbox.words import why
from wiq.tenancy import current_district_id

Typed = Mapping[str, Any]


class AddressForm(forms.Form):
    """The address to which a mail should have gone."""

    address = forms.EmailField(
        label=_("Richtige Adresse"),
        required=False,
        widget=UnfoldAdminEmailInputWidget,
        help_text=_(
            "Wenn die Adresse falsch geschrieben war. Sie wird auch dort berichtigt, wo sie herkommt. Alles, was noch fehlt, geht an die neue Adresse."
        ),
    )


def _again(message: Message, typed: Typed, actor: models.Model) -> Any:
    resending.send_again(message, actor=actor)
    return _("Die E-Mail ist noch einmal unterwegs.")


def _readdress(message: Message, typed: Typed, actor: models.Model) -> Any:
    sent = resending.correct_address(message, typed["address"], actor=actor)
    text = ngettext(
        "Berichtigt. %(count)d E-Mail ist unterwegs an %(address)s.",
        "Berichtigt. %(count)d E-Mails sind unterwegs an %(address)s.",
        len(sent),
    )
    return text % {"count": len(sent), "address": typed["address"]}


class StuckList(ChangeList):
    """The mails that were given up or keep waiting, and how it stands with each."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        found = Pointer.objects.filter(district_id=current_district_id()).stuck()
        uuids = list(found.values_list("message_uuid", flat=True))
        return super().get_queryset(request, exclude_parameters).filter(uuid__in=uuids)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        pointers = pointers_of(message.uuid for message in self.result_list)
        for message in self.result_list:
            message.pointer = pointers.get(message.uuid)


@admin.register(Message, site=district_site)
@admin.register(Message, site=platform_site)
class MessageAdmin(AuditedAdmin):
    """What did not arrive. Its text is not shown: the links in it are secrets."""

    list_display = ("subject", "to", "created_at", "how_it_stands")
    search_fields = ("to", "subject")
    fields = readonly_fields = ("subject", "to", "created_at", "how_it_stands", "tries", "source")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StuckList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_act(self, request: HttpRequest, obj: Any) -> bool:
        """Nobody may change a mail; who may see one that did not arrive may send it again."""
        return bool(self.has_view_permission(request, obj))

    def write(self, request: HttpRequest, obj: Message, form: Any, change: bool) -> None:
        """Do nothing: what can be done with a mail are acts."""

    def get_acts(self, request: HttpRequest, obj: Message) -> list[Group]:
        pointer = _pointer(obj)
        if pointer is None or pointer.state == State.SENT:
            return []
        acts = [Act("again", _("Noch einmal senden"), _again)]
        if not resending.may_be_readdressed(obj):
            about = resending.OPENS_ACCOUNT
            return [Group("send", _("Noch einmal senden"), acts, about=about, seen=("to",))]
        label = _("Berichtigen und senden")
        acts.append(Act("readdress", label, _readdress, "address", look="primary"))
        return [Group("send", _("Noch einmal senden"), acts, AddressForm, seen=("to",))]

    @admin.display(description=_("Stand"))
    def how_it_stands(self, message: Message) -> str:
        pointer = _pointer(message)
        if pointer is None:
            return "–"
        reason = why(pointer.last_error)
        state = str(pointer.get_state_display())
        return gettext("%(state)s. %(why)s") % {"state": state, "why": reason} if reason else state

    @admin.display(description=_("Versuche"))
    def tries(self, message: Message) -> int:
        pointer = _pointer(message)
        return pointer.attempts if pointer else 0

    @admin.display(description=_("Worum es geht"))
    def source(self, message: Message) -> SafeString | str:
        """Lead to the page of what the mail is about, if it has one."""
        name = f"{self.admin_site.name}:{message.about_type.replace('.', '_')}_change"
        try:
            url = reverse(name, args=[message.about_id])
        except NoReverseMatch:
            return "–"
        return format_html('<a class="underline" href="{}">{}</a>', url, _("ansehen"))


def _pointer(message: Any) -> Pointer | None:
    """Return the pointer of a mail: of a list the one that was read with it."""
    if not hasattr(message, "pointer"):
        message.pointer = pointers_of([message.uuid]).get(message.uuid)
    found: Pointer | None = message.pointer
    return found
