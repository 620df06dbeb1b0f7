"""The kit at the project team's console: drafts can be edited, released versions only read."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action

from tenants.kit import services
from tenants.kit.models import KitItem, KitVersion
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.rows import BlockInline
from wiq.admin.sites import platform_site

# What unfold calls the button of ``release``.
RELEASE = "kit_kitversion_release"


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
    """Versions of the kit: a button begins the next one, another saves and releases it."""

    list_display = ("__str__", "released_at", "notes")
    list_before_template = "kit/_begin.html"
    fields = ("number", "notes", "released_at")
    readonly_fields = ("number", "released_at")
    inlines: ClassVar = [ItemInline]
    actions: ClassVar[list[Any]] = []
    actions_detail = ("download",)
    actions_submit_line = ("release",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_release_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offer the button on a version that is not released."""
        version = KitVersion.objects.filter(pk=object_id).first()
        return _is_open(version) and bool(self.has_change_permission(request, version))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if _is_open(obj) else self.fields

    def get_urls(self) -> list[Any]:
        begin = self.admin_site.admin_view(require_POST(self.begin_next))
        return [path("beginnen/", begin, name="kit_kitversion_begin"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {
            "begun": KitVersion.objects.begun(),
            "may_begin": self.has_change_permission(request),
        }
        page: HttpResponse = super().changelist_view(request, (extra_context or {}) | context)
        return page

    def begin_next(self, request: HttpRequest) -> HttpResponse:
        """Begin the next version, or open the one that somebody has begun."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        version = services.begin_next(actor=account(request))
        url = reverse("plattform:kit_kitversion_change", args=[version.pk])
        return HttpResponseRedirect(url)

    def write(self, request: HttpRequest, obj: KitVersion, form: Any, change: bool) -> None:
        if _is_open(obj):
            services.save_version(obj, actor=account(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        instances = formset.save(commit=False)
        for gone in formset.deleted_objects:
            services.remove_item(gone, actor=account(request))
        for item in instances:
            services.save_item(item, actor=account(request))

    def _write_all(self, request: HttpRequest, form: Any, change: bool) -> None:
        """Save everything; the button that releases does so after that, or nothing is saved."""
        if RELEASE in request.POST and not form.cleaned_data.get("notes"):
            words = _(
                "Bitte schreiben Sie kurz, was neu ist: Jede Koordination liest es in der E-Mail."
            )
            raise ValidationError({"notes": words})
        super()._write_all(request, form, change)
        rows = request.wiq_rows  # type: ignore[attr-defined]
        if RELEASE in request.POST and all(formset.is_valid() for formset in rows):
            services.release(form.instance, actor=account(request))

    def response_change(self, request: HttpRequest, obj: KitVersion) -> HttpResponse:
        if RELEASE not in request.POST:
            usual: HttpResponse = super().response_change(request, obj)
            return usual
        words = _("%s ist veröffentlicht. Jede Koordination bekommt dazu eine E-Mail.") % obj
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("plattform:kit_kitversion_changelist"))

    @action(description=_("Speichern und veröffentlichen"), permissions=["release"])
    def release(self, request: HttpRequest, obj: KitVersion) -> None:
        """Name the button; ``_write_all`` releases."""

    @action(description=_("Als Datei"), url_path="datei", permissions=["view"])
    def download(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """Hand out a version in the form of its data file."""
        version: KitVersion | None = self.get_object(request, object_id)
        if version is None:
            raise Http404
        response = JsonResponse(
            services.as_data(version), json_dumps_params={"indent": 2, "ensure_ascii": False}
        )
        response["Content-Disposition"] = f'attachment; filename="kit-{version.number}.json"'
        return response
