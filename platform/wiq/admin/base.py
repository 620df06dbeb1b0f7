"""Base classes for the admin pages of both sites."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from wiq.admin.acts import HasActs
from wiq.admin.lookups import ListedLookups
from wiq.admin.rows import ChoosesRows, without_version
from wiq.admin.sayings import SaysInWords
from wiq.audit import names, words
from wiq.audit import services as audit
from wiq.audit.models import Entry
from wiq.editing.forms import VersionedForm
from wiq.editing.refusals import WrittenForm


class AuditedAdmin(SaysInWords, HasActs, ListedLookups, ChoosesRows, ModelAdmin):
    """An admin page that writes through services and shows our audit log as its history.

    Nobody overwrites a change they have not seen. A service's refusal is shown like any other
    error of the form, because ``write`` runs as the last step of its validation.
    """

    form = VersionedForm
    change_form_before_template = "web/admin_version.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return without_version(super().get_fields(request, obj))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)

        def write(sent: Any) -> None:
            self._write_all(request, sent, change)

        return type(form.__name__, (WrittenForm, form), {"write": write})

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Keep the inline rows that came with a form."""
        formsets, inlines = super()._create_formsets(request, obj, change)
        request.wiq_rows = formsets  # type: ignore[attr-defined]
        return formsets, inlines

    def _write_all(self, request: HttpRequest, form: Any, change: bool) -> None:
        """Save the form and its inline rows if the rows are valid as well."""
        formsets = request.wiq_rows  # type: ignore[attr-defined]
        if not all(formset.is_valid() for formset in formsets):
            return
        self.write(request, form.save(commit=False), form, change)
        form.save_m2m()
        for formset in formsets:
            self.save_formset(request, form, formset, change)

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the form with a service. Raises ValidationError if the service refuses."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        """Do nothing: ``write`` has saved the object."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Do nothing: ``_write_all`` has saved the rows."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        """Do nothing: the service that saved the object has recorded it."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        """Do nothing: the service that saved the object has recorded it."""

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Record each deleted object."""
        for instance in queryset:
            name = f"{instance._meta.model_name}.deleted"
            audit.record_change(name, instance, actor=account(request))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Lead to the log of the object (``web/templates/admin/change_form_object_tools.html``)."""
        context["has_log"] = True
        rows = [inline.formset for inline in context["inline_admin_formsets"]]
        context["unseen"] = unseen_errors(context["adminform"].form, rows)
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> TemplateResponse:
        """Show an object's entries in the audit log to those who may view the object."""
        instance = self.get_object(request, object_id)
        if instance is None:
            raise Http404
        if not self.has_view_or_change_permission(request, instance):
            raise PermissionDenied
        entries = Entry.objects.filter(
            target_type=self.model._meta.label_lower, target_id=str(object_id)
        )
        listed = list(entries[:200])
        known = names.of_entries(listed)
        context = self.admin_site.each_context(request) | {
            "title": _("Wer hat was geändert?"),
            "entries": [(entry.at, words.in_words(entry, known)) for entry in listed],
            "original": instance,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "web/admin_history.html", context)


class ServiceAdmin(AuditedAdmin):
    """An admin page for a room whose services are called ``save`` and ``remove``."""

    services: Any

    def write(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        self.services.save(obj, actor=account(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        instances = formset.save(commit=False)
        for gone in formset.deleted_objects:
            self.services.remove(gone, actor=account(request))
        for instance in instances:
            self.services.save(instance, actor=account(request))
        formset.save_m2m()

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        self.services.remove(obj, actor=account(request))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for instance in queryset:
            self.services.remove(instance, actor=account(request))

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Do nothing: the service that deleted the objects has recorded it."""


class HidesContactAddress(ModelAdmin):
    """An admin page that hides the requests' mailbox from users who may not read requests."""

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        may_read = request.user.has_perm("contact.view_contactrequest")
        return () if may_read else ("contact_email",)

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return [name for name in shown if name not in self.get_exclude(request)]


def unseen_errors(form: Any, formsets: Iterable[Any]) -> list[str]:
    """Return the errors that no visible field shows: of rows as a whole, and of hidden fields."""
    found = [str(error) for formset in formsets for error in formset.non_form_errors()]
    for one in (form, *(row for formset in formsets for row in formset.forms)):
        for name, errors in one.errors.items():
            field = one.fields.get(name)
            if name != NON_FIELD_ERRORS and (field is None or field.widget.is_hidden):
                found += [str(error) for error in errors]
    return list(dict.fromkeys(found))


def account(request: HttpRequest) -> models.Model:
    """Return the signed-in account, as the actor of its writes."""
    user = request.user
    assert isinstance(user, models.Model)
    return user
