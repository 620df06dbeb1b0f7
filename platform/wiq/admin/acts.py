"""What people do with a row beside editing it: buttons on its page, each calling one service.

A page shows its acts in groups. A group is a form of its own with its fields and buttons, so the
pressed button decides alone what happens, and nothing else on the page is saved with it
(docs/decisions/0031-acts.md).
"""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin.options import csrf_protect_m
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wiq.editing.forms import VERSION
from wiq.editing.refusals import told_in
from wiq.editing.versions import in_words, version_of

# The name of every button; its value is "group:act".
ACT = "_act"
FASTER = _("Jemand war schneller: Der Stand ist jetzt: %s. Bitte sehen Sie noch einmal hin.")
# Django's names for the buttons that save a form (admin_modify.submit_row).
SAVING = ("show_save", "show_save_and_continue", "show_save_and_add_another")
NOT_NOW = _("Das geht jetzt nicht mehr. Bitte sehen Sie noch einmal hin.")

# A service's answer in words, or a page of its own.
Done = Any


@dataclass(frozen=True)
class Act:
    """One button, and the service behind it.

    ``do`` gets the row, what was typed and the account; it returns what happened, in a sentence,
    or a response. A refusal stands beside ``field``, by default above the group's fields. ``look``
    is unfold's name for the button's kind: primary, default or danger.
    """

    name: str
    label: Any
    do: Callable[[Any, Mapping[str, Any], models.Model], Done]
    field: str | None = None
    look: str = "default"


@dataclass(frozen=True)
class Group:
    """Buttons that share a form. Without acts it is not shown, unless one was refused in it."""

    name: str
    title: Any
    acts: Sequence[Act] = ()
    form: type[forms.Form] = forms.Form
    # What one should know before pressing: a sentence, or HTML that is marked as safe.
    about: Any = ""
    # Columns that must still hold what the user saw. The row is held until the act is done.
    seen: Sequence[str] = ()
    # For what one does rarely: the group shows its title until somebody opens it.
    is_folded: bool = False

    def version(self, row: models.Model) -> str:
        """Return the version of a row as this group sees it (decision 23)."""
        return version_of(row, self.seen) if self.seen else ""


class ShownGroup(NamedTuple):
    """A group as the page shows it: ``seen`` is the row's version at that moment."""

    group: Group
    form: forms.Form
    seen: str


class HasActs:
    """An admin page with acts: ``get_acts`` says which ones a row has now.

    They stand below the text on which one decides, but above a form that can be edited: the buttons
    that save it are the last of the page.
    """

    change_form_outer_after_template: str | None = "web/admin_acts.html"

    def get_acts(self, request: HttpRequest, obj: Any) -> list[Group]:
        """Return all groups of a page, each with the acts that are possible now."""
        return []

    def may_act(self, request: HttpRequest, obj: Any) -> bool:
        """Tell whether the user may act on this row, even if nothing of it can be edited."""
        page: Any = self
        name = get_permission_codename("change", page.opts)
        return bool(request.user.has_perm(f"{page.opts.app_label}.{name}"))

    @csrf_protect_m
    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Show or save the form, or do what a button says."""
        if request.method == "POST" and ACT in request.POST and object_id is not None:
            return self._act(request, object_id)
        page: Any = super()
        shown: HttpResponseBase = page.changeform_view(request, object_id, *args, **kwargs)
        return shown

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Add the acts; without a field to edit, leave out the button that saves."""
        if obj is not None and obj.pk is not None and self.may_act(request, obj):
            context["acts"] = self._shown(request, obj)
        fields = set(context["adminform"].form.fields) - {VERSION}
        if not fields and not context["inline_admin_formsets"]:
            context |= dict.fromkeys(SAVING, False)
        page: Any = super()
        shown: HttpResponse = page.render_change_form(request, context, *args, obj=obj, **kwargs)
        return shown

    def _shown(self, request: HttpRequest, obj: Any) -> list[ShownGroup]:
        refused: tuple[str, forms.Form] = getattr(request, "wiq_refused", ("", forms.Form()))
        return [
            ShownGroup(
                group,
                refused[1] if group.name == refused[0] else group.form(prefix=group.name),
                group.version(obj),
            )
            for group in self.get_acts(request, obj)
            if group.acts or group.name == refused[0]
        ]

    def _act(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Do what one button says, and nothing else."""
        page: Any = self
        obj = page.get_object(request, unquote(object_id))
        if obj is None:
            gone: HttpResponse = page._get_obj_does_not_exist_redirect(
                request, page.opts, object_id
            )
            return gone
        if not self.may_act(request, obj):
            raise PermissionDenied
        name, _colon, pressed = request.POST[ACT].partition(":")
        group = next((one for one in self.get_acts(request, obj) if one.name == name), None)
        if group is None:
            messages.error(request, str(NOT_NOW))
            return HttpResponseRedirect(request.get_full_path())
        form = group.form(request.POST, prefix=name)
        done = _do(group, pressed, form, obj, request)
        if form.errors:
            return self._refused(request, object_id, name, form)
        if isinstance(done, HttpResponseBase):
            return done
        messages.success(request, str(done))
        return HttpResponseRedirect(request.get_full_path())

    def _refused(
        self, request: HttpRequest, object_id: str, name: str, form: forms.Form
    ) -> HttpResponseBase:
        """Show the page as it is now, with what was typed and why it was refused."""
        asked: Any = copy(request)
        asked.method = "GET"
        asked.wiq_refused = (name, form)
        shown: HttpResponseBase = self.changeform_view(asked, object_id)
        return shown


def _do(group: Group, pressed: str, form: forms.Form, obj: Any, request: HttpRequest) -> Done:
    """Call the service of the pressed button; a refusal becomes an error of the form."""
    if not form.is_valid():
        return None
    act = next((one for one in group.acts if one.name == pressed), None)
    user: Any = request.user
    with told_in(form, beside=act.field if act else None):
        _check_seen(group, obj, request.POST.get(f"{group.name}-{VERSION}", ""))
        if act is None:
            form.add_error(None, NOT_NOW)
            return None
        return act.do(obj, form.cleaned_data, user)
    return None


def _check_seen(group: Group, obj: models.Model, seen: str) -> None:
    """Hold the row. Raises ValidationError if it is not what the user saw any more."""
    if not group.seen:
        return
    stored = type(obj)._base_manager.select_for_update(no_key=True).filter(pk=obj.pk).first()
    if stored is not None and seen and group.version(stored) != seen:
        now = ", ".join(in_words(stored, name) for name in group.seen)
        raise ValidationError({NON_FIELD_ERRORS: str(FASTER) % now})


def told(done: int, chosen: int) -> str:
    """Return what an action of a list did, in words: how many of the chosen rows it changed."""
    text = ngettext("%(done)d geändert.", "%(done)d geändert.", done) % {"done": done}
    left = chosen - done
    if not left:
        return text
    rest = ngettext("%(left)d bleibt, wie sie ist.", "%(left)d bleiben, wie sie sind.", left) % {
        "left": left
    }
    return f"{text} {rest}"
