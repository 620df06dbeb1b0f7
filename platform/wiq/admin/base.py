"""What the admin pages of both sites are built on."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

from wiq.admin.rows import ChoosesRows, without_version
from wiq.audit import services as audit
from wiq.audit.models import Entry
from wiq.editing.forms import VersionedForm


class AuditedAdmin(ChoosesRows, ModelAdmin):
    """An admin page whose history is our audit log: Django's own log stays empty.

    Nobody overwrites there what they never saw.
    """

    form = VersionedForm
    change_form_before_template = "web/admin_version.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return without_version(super().get_fields(request, obj))

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        """The service that wrote the object has recorded it."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        """The service that wrote the object has recorded it."""

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Record each object that goes."""
        for instance in queryset:
            name = f"{instance._meta.model_name}.deleted"
            audit.record_change(name, instance, actor=account(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> TemplateResponse:
        """Show what the audit log says about one object, to those who may see the object."""
        instance = self.get_object(request, object_id)
        if instance is None:
            raise Http404
        if not self.has_view_or_change_permission(request, instance):
            raise PermissionDenied
        entries = Entry.objects.filter(
            target_type=self.model._meta.label_lower, target_id=str(object_id)
        )
        context = self.admin_site.each_context(request) | {
            "title": "Verlauf",
            "entries": entries[:200],
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "web/admin_history.html", context)


class ServiceAdmin(AuditedAdmin):
    """An admin page that writes through its room's services: ``save`` and ``remove``."""

    services: Any

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: Any = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Show the form again, with what was typed, where a service refuses what the form let pass.

        What was written before it refused is taken back: Django's page is one transaction.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            request.wiq_refused = error.messages  # type: ignore[attr-defined]
            for name in request.FILES:
                for file in request.FILES.getlist(name):
                    file.seek(0)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        refused = getattr(request, "wiq_refused", None)
        if refused is None:
            return form

        class Refused(form):  # type: ignore[misc, valid-type]
            def _post_clean(self) -> None:
                super()._post_clean()
                self.add_error(None, refused)

        return Refused

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
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
        """The service that removed the objects has recorded it."""


class HidesContactAddress(ModelAdmin):
    """An admin page that shows the address requests go to only to those who may read requests."""

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        may_read = request.user.has_perm("contact.view_contactrequest")
        return () if may_read else ("contact_email",)

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return [name for name in shown if name not in self.get_exclude(request)]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse to filter by it too: one letter after the other would tell all of it."""
        hidden = lookup.partition("__")[0] in self.get_exclude(request)
        return not hidden and bool(super().lookup_allowed(lookup, value, request))


def account(request: HttpRequest) -> models.Model:
    """Return the account that uses the administration: the actor of what it does."""
    user = request.user
    assert isinstance(user, models.Model)
    return user
