"""Districts at the project team's console."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from tenants.districts import services
from tenants.districts.models import District, Domain, Operator, State
from wiq.web.admin_site import AuditedAdmin, account, platform_site


class DomainInline(TabularInline):
    model = Domain
    extra = 0
    can_delete = False
    readonly_fields = ("domain", "is_primary")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(District, site=platform_site)
class DistrictAdmin(AuditedAdmin):
    """Districts: their data and their state. They are made by create_district."""

    list_display = ("name", "city", "state", "since", "operator", "address", "is_demo")
    list_filter = ("state", "is_demo", "city")
    search_fields = ("name", "slug", "city")
    fields = (
        *("name", "city", "since", "state", "operator", "phone", "video_url", "colour"),
        *("intro", "intro_en", "is_demo", "retention_months"),
        *("accessibility_checked_on", "accessibility_gaps", "slug", "schema_name", "created_at"),
    )
    readonly_fields = ("slug", "schema_name", "created_at")
    list_select_related = ("operator",)
    inlines: ClassVar = [DomainInline]
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("domains")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer every state but deleted, which is more than a word in a row."""
        if db_field.name == "state":
            kwargs["choices"] = [choice for choice in State.choices if choice[0] != State.DELETED]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    @admin.display(description=_("Adresse"))
    def address(self, district: District) -> SafeString:
        return format_html('<a href="{}">{}</a>', district.url, district.host)

    def save_model(self, request: HttpRequest, obj: District, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        state = changes.pop("state", None)
        district = District.objects.get(pk=obj.pk)
        if changes:
            services.update(district, actor=account(request), **changes)
        if state is not None:
            services.set_state(district, State(state), actor=account(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Operator, site=platform_site)
class OperatorAdmin(AuditedAdmin):
    """Who stands behind the districts."""

    list_display = ("legal_name", "email", "phone", "is_public_body")
    search_fields = ("legal_name",)

    def save_model(self, request: HttpRequest, obj: Operator, form: Any, change: bool) -> None:
        services.save_operator(obj, actor=account(request))
