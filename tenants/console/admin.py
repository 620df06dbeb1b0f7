"""The project team's console: districts with their states, their numbers and their Träger."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tenants.console import acts, pictures, restoring, services
from tenants.console.models import Alarm, Snapshot, Vital
from tenants.districts import services as districts
from tenants.districts.models import District, Operator, PlatformOperator
from tenants.provisioning.admin import ReadOnlyAdmin
from wiq.admin.acts import Group
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import platform_site
from wiq.media import quota
from wiq.web.typography import bind


@admin.register(District, site=platform_site)
class DistrictAdmin(AuditedAdmin):
    """Districts: what the project team does with each, and its data. New ones are ordered."""

    change_form_outer_before_template = "web/admin_acts.html"
    change_form_outer_after_template = None
    list_display = ("name", "city", "state", "state_since", "operator", "address", "is_demo")
    list_filter = ("state", "is_demo", "city")
    search_fields = ("name", "slug", "city")
    data_fields = (
        *("name", "city", "since", "operator", "phone", "video_url", "colour"),
        *("intro", "intro_en", "is_demo", "retention_months", "processing_agreement_on"),
        *("accessibility_checked_on", "accessibility_gaps"),
    )
    readonly_fields = (*("failed_migration", "address", "numbers", "slug", "schema", "created_at"),)
    list_select_related = ("operator", "vital")
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}
    actions: ClassVar = ["count_now"]

    @admin.display(description=_("Schema"))
    def schema(self, district: District) -> str:
        return str(district.schema_name)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show first what keeps a district closed."""
        failed = ("failed_migration",) if obj and obj.is_behind else ()
        known = (*failed, "address", "numbers", *self.data_fields)
        return [(_("Daten"), {"fields": (*known, "slug", "schema", "created_at")})]

    def get_acts(self, request: HttpRequest, obj: District) -> list[Group]:
        return [
            *acts.of_alarms(obj),
            acts.of_state(obj),
            acts.of_coordination(obj, account(request)),
            *acts.of_domains(obj),
            acts.of_visit(),
            *restoring.of_restore(obj),
            acts.of_end(obj),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("domains")

    @admin.display(description=_("Adresse"))
    def address(self, district: District) -> SafeString:
        return format_html('<a href="{}">{}</a>', district.url, district.host)

    @admin.display(description=_("Wie es läuft"))
    def numbers(self, district: District) -> SafeString | str:
        vital = getattr(district, "vital", None)
        if vital is None:
            return str(_("noch nicht gezählt"))
        url = reverse("plattform:console_vital_change", args=[vital.pk])
        return format_html('<a class="underline" href="{}">{}</a>', url, _("Zahlen und Verlauf"))

    @admin.display(description=_("Aktualisierung fehlgeschlagen"))
    def failed_migration(self, district: District) -> SafeString:
        context = {"district": district}
        return SafeString(render_to_string("console/_failed_migration.html", context))

    def write(self, request: HttpRequest, obj: District, form: Any, change: bool) -> None:
        data = form.cleaned_data
        changes = {name: data[name] for name in form.changed_data if name in self.data_fields}
        if changes:
            with transaction.atomic():
                row = districts.locked_staying(obj)
                districts.update(row, actor=account(request), **changes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Jetzt zählen"), permissions=["change"])
    def count_now(self, request: HttpRequest, queryset: Any) -> None:
        counted = [services.count(district) for district in queryset.up_to_date()]
        text = ngettext("%d Quartier ist gezählt.", "%d Quartiere sind gezählt.", len(counted))
        self.message_user(request, text % len(counted))


@admin.register(Operator, site=platform_site)
class OperatorAdmin(AuditedAdmin):
    """The Träger of the districts."""

    list_display = ("legal_name", "email", "phone", "is_public_body", "runs_platform")
    search_fields = ("legal_name",)

    def write(self, request: HttpRequest, obj: Operator, form: Any, change: bool) -> None:
        districts.save_operator(obj, actor=account(request))


@admin.register(PlatformOperator, site=platform_site)
class PlatformOperatorAdmin(AuditedAdmin):
    """Who runs the platform: one row, for its own legal pages."""

    list_display = ("legal_name", "email", "phone")

    def write(self, request: HttpRequest, obj: PlatformOperator, form: Any, change: bool) -> None:
        districts.save_platform_operator(obj, actor=account(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        may_add = bool(super().has_add_permission(request))
        return may_add and not PlatformOperator.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
        # What is wrong stands first: the rest of a row may be out of sight on a small screen.
        *("name", "state", "mails_stuck", "requests_overdue", "answered", "oldest_days"),
        "requests_open",
        *("mails_returned", "mails_complained"),
        *("last_sign_in", "since", "people", "teams", "solution_teams", "unconfirmed"),
        *("kit_version", "schema_version", "stored"),
    )
    list_filter = (NeedsHelp, "district__state", "district__city")
    search_fields = ("district__name", "district__slug", "district__city")
    list_select_related = ("district",)
    list_per_page = 200
    list_before_template = "console/_figures.html"
    fields = readonly_fields = ("page", "state", "since", "alarms", "picture", "counted_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the rows, each with what was due and in time a month ago: the trend."""
        before = timezone.localdate() - services.LATELY
        then = Snapshot.objects.filter(district=OuterRef("district"), day__lte=before)
        last = then.order_by("-day")
        return super().get_queryset(request).annotate(
            due_before=Subquery(last.values("answers_due")[:1]),
            in_time_before=Subquery(last.values("answers_in_time")[:1]),
        )  # fmt: skip

    @admin.display(description=_("rechtzeitig beantwortet"), ordering="answers_in_time")
    def answered(self, vital: Any) -> str:
        if not vital.answers_due:
            return "–"
        now = _("%(in_time)d von %(due)d") % {
            "in_time": vital.answers_in_time, "due": vital.answers_due,
        }  # fmt: skip
        if not vital.due_before:
            return now
        share = 100 * vital.in_time_before // vital.due_before
        return _("%(now)s (%(share)d %%, vorher %(before)d %%)") % {
            "now": now, "share": vital.in_time, "before": share,
        }  # fmt: skip

    @admin.display(description=_("Quartier"), ordering="district__name")
    def name(self, vital: Vital) -> str:
        return vital.district.name

    @admin.display(description=_("Quartier"))
    def page(self, vital: Vital) -> SafeString:
        url = reverse("plattform:districts_district_change", args=[vital.district_id])
        return format_html('<a class="underline" href="{}">{}</a>', url, vital.district.name)

    @admin.display(description=_("Zustand"), ordering="district__state")
    def state(self, vital: Vital) -> str:
        return str(vital.district.get_state_display())

    @admin.display(description=_("seit"), ordering="district__state_since")
    def since(self, vital: Vital) -> str:
        return f"{timezone.localtime(vital.district.state_since):%d.%m.%Y}"

    @admin.display(description=_("Speicher"), ordering="bytes_stored")
    def stored(self, vital: Vital) -> str:
        return bind(quota.of_room(vital.bytes_stored))

    @admin.display(description=_("Hinweise"))
    def alarms(self, vital: Vital) -> str:
        open_ones = Alarm.objects.open().filter(district=vital.district)
        return ", ".join(str(alarm.get_kind_display()) for alarm in open_ones) or "–"

    @admin.display(description=_("Die letzten Monate"))
    def picture(self, vital: Vital) -> SafeString:
        return pictures.over_time(vital.district)
