"""Addresses to which mails don't get through, at the desk and at the project team's console."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from wiq.admin.acts import Act, Group
from wiq.admin.base import AuditedAdmin
from wiq.admin.sites import district_site, platform_site
from wiq.mail import refused
from wiq.mail.models import RefusedAddress
from wiq.outbox.words import why

ABOUT = _(
    "Stimmt die Adresse? Dann schreiben wir wieder dorthin. Was schon wartet, senden Sie unter „E-Mails, die nicht ankommen“ noch einmal; dort berichtigen Sie auch eine falsche Adresse."
)
COMPLAINED = _(
    "Jemand hat eine unserer E-Mails als Spam gemeldet. An diese Adresse gehen deshalb keine Neuigkeiten mehr. Ändern Sie das nur, wenn die Person Sie darum bittet."
)


def _lift(row: RefusedAddress, typed: Mapping[str, Any], actor: models.Model) -> Any:
    refused.lift(row, actor=actor)
    return _("Wir schreiben wieder an diese Adresse.")


class MarkedList(ChangeList):
    """The addresses to which nothing, or no news, is sent."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        held = Q(marked_at__isnull=False) | Q(complained_at__isnull=False)
        return super().get_queryset(request, exclude_parameters).filter(held)


@admin.register(RefusedAddress, site=district_site)
@admin.register(RefusedAddress, site=platform_site)
class RefusedAddressAdmin(AuditedAdmin):
    """Where nothing is sent by itself, why, and the way back."""

    list_display = ("address", "how_it_stands", "last_at")
    search_fields = ("address",)
    fields = readonly_fields = ("address", "how_it_stands", "words", "hard", "soft", "last_at")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MarkedList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_act(self, request: HttpRequest, obj: Any) -> bool:
        """Nobody may change a count; who may see an address may have it written to again."""
        return bool(self.has_view_permission(request, obj))

    def write(self, request: HttpRequest, obj: RefusedAddress, form: Any, change: bool) -> None:
        """Do nothing: what can be done with an address is an act."""

    def get_acts(self, request: HttpRequest, obj: RefusedAddress) -> list[Group]:
        if obj.marked_at is None and obj.complained_at is None:
            return []
        about = ABOUT if obj.marked_at else COMPLAINED
        acts = [Act("lift", _("Wieder anschreiben"), _lift, look="primary")]
        return [Group("address", _("Diese Adresse"), acts, about=about)]

    @admin.display(description=_("Stand"))
    def how_it_stands(self, row: RefusedAddress) -> Any:
        if row.marked_at is None:
            return _("Als Spam gemeldet") if row.complained_at else _("wird angeschrieben")
        return why(row.reason)
