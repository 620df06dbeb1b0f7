"""The kit at the project team's console: drafts can be edited, released versions only read."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _

from tenants.kit import services
from tenants.kit.models import KitItem, KitVersion
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.rows import BlockInline
from wiq.admin.sites import platform_site


def _is_open(version: KitVersion | None) -> bool:
    return version is not None and version.released_at is None


class ItemInline(BlockInline):
    """The parts of a version."""

    model = KitItem
    extra = 0
    fields = (("key", "kind"), "title", "text", "text_en", "data")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_open(obj)


@admin.register(KitVersion, site=platform_site)
class KitVersionAdmin(AuditedAdmin):
    """Versions of the kit."""

    list_display = ("__str__", "released_at", "notes")
    fields = ("number", "notes", "released_at")
    readonly_fields = ("number", "released_at")
    inlines: ClassVar = [ItemInline]
    actions: ClassVar = ["begin_next", "release", "download"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if _is_open(obj) else self.fields

    def write(self, request: HttpRequest, obj: KitVersion, form: Any, change: bool) -> None:
        if _is_open(obj):
            services.save_version(obj, actor=account(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        instances = formset.save(commit=False)
        for gone in formset.deleted_objects:
            services.remove_item(gone, actor=account(request))
        for item in instances:
            services.save_item(item, actor=account(request))

    @admin.action(description=_("Neue Fassung beginnen"), permissions=["change"])
    def begin_next(self, request: HttpRequest, queryset: Any) -> None:
        version = services.begin_next(actor=account(request))
        self.message_user(
            request,
            _("%s ist begonnen. Ändern Sie sie, und veröffentlichen Sie sie dann.") % version,
        )

    @admin.action(description=_("Veröffentlichen"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: Any) -> None:
        for version in queryset:
            try:
                services.release(version, actor=account(request))
            except ValidationError as error:
                self.message_user(request, "; ".join(error.messages), messages.ERROR)

    @admin.action(description=_("Als Datei"), permissions=["view"])
    def download(self, request: HttpRequest, queryset: Any) -> JsonResponse:
        version = queryset.first()
        response = JsonResponse(
            services.as_data(version), json_dumps_params={"indent": 2, "ensure_ascii": False}
        )
        response["Content-Disposition"] = f'attachment; filename="kit-{version.number}.json"'
        return response
