"""The project team's console: districts with their states, their numbers and their Träger."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from tenants.console import pictures, services
from tenants.console.forms import DistrictForm
from tenants.console.models import Vital
from tenants.districts import domains, moves
from tenants.districts import services as districts
from tenants.districts.models import District, Domain, Operator
from tenants.lifecycle import ending
from tenants.provisioning import coordinators
from tenants.provisioning.admin import ReadOnlyAdmin
from tenants.visits import support
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import platform_site

DOMAIN_ACTIONS = {
    "verify": domains.verify,
    "primary": domains.make_primary,
    "drop": domains.drop,
}


class DomainInline(TabularInline):
    model = Domain
    extra = 0
    can_delete = False
    fields = readonly_fields = ("domain", "is_main", "verified_at", "proof_record")

    @admin.display(description=_("Hauptadresse"), boolean=True)
    def is_main(self, domain: Domain) -> bool:
        return bool(domain.is_primary)

    @admin.display(description=_("Eintrag im DNS"))
    def proof_record(self, domain: Domain) -> str:
        if domain.domain.endswith(f".{settings.WIQ_DOMAIN}"):
            return "–"
        return f"{domains.record_name(domain)} TXT {domains.record_text(domain)}"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(District, site=platform_site)
class DistrictAdmin(AuditedAdmin):
    """Districts with their data, state and coordination. New ones are ordered, not added here."""

    form = DistrictForm
    list_display = ("name", "city", "state", "state_since", "operator", "address", "is_demo")
    list_filter = ("state", "is_demo", "city")
    search_fields = ("name", "slug", "city")
    data_fields = (
        *("name", "city", "since", "operator", "phone", "video_url", "colour"),
        *("intro", "intro_en", "is_demo", "retention_months", "processing_agreement_on"),
        *("accessibility_checked_on", "accessibility_gaps"),
    )
    readonly_fields = (
        *("state", "state_since", "delete_after", "coordination", "slug", "schema_name"),
        "created_at",
    )
    list_select_related = ("operator",)
    inlines: ClassVar = [DomainInline]
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    actions: ClassVar = ["count_now"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        life = ("state", "state_since", "delete_after", "new_state", "state_reason")
        end = ("remove_host", "call_off") if obj and obj.delete_after else ("remove_host",)
        return [
            (_("Zustand"), {"fields": life}),
            (_("Koordination"), {"fields": ("coordination", "invite")}),
            (_("Eigene Domain"), {"fields": ("claim_domain", "domain_action", "domain_name")}),
            (_("Besuch"), {"fields": (("visit_reason", "visit_minutes"),)}),
            (_("Daten"), {"fields": (*self.data_fields, "slug", "schema_name", "created_at")}),
            (_("Entfernen"), {"fields": end}),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("domains")

    @admin.display(description=_("Adresse"))
    def address(self, district: District) -> SafeString:
        return format_html('<a href="{}">{}</a>', district.url, district.host)

    @admin.display(description=_("Konten und Einladungen"))
    def coordination(self, district: District) -> SafeString:
        rows = coordinators.overview(district)
        return SafeString(render_to_string("console/_coordination.html", {"rows": rows}))

    def write(self, request: HttpRequest, obj: District, form: Any, change: bool) -> None:
        data, actor = form.cleaned_data, account(request)
        changes = {name: data[name] for name in form.changed_data if name in self.data_fields}
        district = District.objects.get(pk=obj.pk)
        if changes:
            districts.update(district, actor=actor, **changes)
        if data.get("new_state"):
            moves.move(district, data["new_state"], actor=actor, reason=data["state_reason"])
        if data.get("invite"):
            coordinators.invite(district, data["invite"], actor=actor)
        if data.get("claim_domain"):
            domains.claim(district, data["claim_domain"], actor=actor)
        if data.get("domain_action") and data.get("domain_name"):
            domain = district.domains.get(pk=data["domain_name"])
            DOMAIN_ACTIONS[data["domain_action"]](domain, actor=actor)
        if data.get("remove_host"):
            ending.announce_removal(district, typed_host=data["remove_host"], actor=actor)
        elif data.get("call_off"):
            ending.call_off_removal(district, actor=actor)

    def response_change(self, request: HttpRequest, obj: District) -> HttpResponse:
        """Redirect into the district if a visit was requested."""
        usual: HttpResponse = super().response_change(request, obj)
        reason = request.POST.get("visit_reason", "")
        if not reason.strip():
            return usual
        try:
            link = support.open_visit(
                obj, reason=reason, minutes=_number(request.POST.get("visit_minutes", "")),
                actor=account(request),
            )  # fmt: skip
        except ValidationError as error:
            self.message_user(request, " · ".join(error.messages), messages.ERROR)
            return usual
        return HttpResponseRedirect(link)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Jetzt zählen"), permissions=["change"])
    def count_now(self, request: HttpRequest, queryset: Any) -> None:
        for district in queryset:
            services.count(district)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


@admin.register(Operator, site=platform_site)
class OperatorAdmin(AuditedAdmin):
    """The Träger of the districts."""

    list_display = ("legal_name", "email", "phone", "is_public_body", "runs_platform")
    search_fields = ("legal_name",)

    def write(self, request: HttpRequest, obj: Operator, form: Any, change: bool) -> None:
        districts.save_operator(obj, actor=account(request))


class NeedsHelp(admin.SimpleListFilter):
    """The filter "braucht Hilfe"."""

    title = _("braucht Hilfe")
    parameter_name = "hilfe"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", _("Es gibt einen Hinweis"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "ja":
            return queryset.filter(district__alarms__ended_at__isnull=True,
                                   district__alarms__isnull=False).distinct()  # fmt: skip
        return queryset


@admin.register(Vital, site=platform_site)
class VitalAdmin(ReadOnlyAdmin):
    """The current numbers of all districts, sortable by any column, with charts over time."""

    list_display = (
        *("name", "state", "since", "people", "teams", "solution_teams", "requests_open"),
        *("requests_overdue", "oldest_days", "mails_stuck", "last_sign_in", "unconfirmed"),
        *("kit_version", "schema_version", "stored"),
    )
    list_filter = (NeedsHelp, "district__state", "district__city")
    search_fields = ("district__name", "district__slug", "district__city")
    list_select_related = ("district",)
    list_per_page = 200
    fields = readonly_fields = ("name", "state", "since", "alarms", "picture", "counted_at")

    @admin.display(description=_("Quartier"), ordering="district__name")
    def name(self, vital: Vital) -> str:
        return vital.district.name

    @admin.display(description=_("Zustand"), ordering="district__state")
    def state(self, vital: Vital) -> str:
        return str(vital.district.get_state_display())

    @admin.display(description=_("seit"), ordering="district__state_since")
    def since(self, vital: Vital) -> str:
        return f"{timezone.localtime(vital.district.state_since):%d.%m.%Y}"

    @admin.display(description=_("Speicher"), ordering="bytes_stored")
    def stored(self, vital: Vital) -> str:
        return f"{vital.bytes_stored / 1_000_000:.1f} MB"

    @admin.display(description=_("Hinweise"))
    def alarms(self, vital: Vital) -> str:
        open_ones = vital.district.alarms.filter(ended_at__isnull=True)
        return ", ".join(str(alarm.get_kind_display()) for alarm in open_ones) or "–"

    @admin.display(description=_("Die letzten Monate"))
    def picture(self, vital: Vital) -> SafeString:
        return pictures.over_time(vital.district)
