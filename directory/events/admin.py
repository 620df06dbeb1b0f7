"""Events at the coordinators' desk."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from directory.events import acts, services
from directory.events.forms import EventForm
from directory.events.models import Event
from directory.people.dates import today
from wiq.admin.acts import Group
from wiq.admin.base import ServiceAdmin
from wiq.admin.sites import district_site


class When(admin.SimpleListFilter):
    """What is coming, what is over, and what has no place yet."""

    title = _("wann")
    parameter_name = "wann"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("kommt", _("kommt noch")),
            ("vorbei", _("vorbei")),
            ("ohne-ort", _("ohne Ort")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "kommt":
            return queryset.coming()
        if self.value() == "vorbei":
            return queryset.filter(last_day__lt=today())
        return queryset.without_place() if self.value() == "ohne-ort" else queryset


@admin.register(Event, site=district_site)
class EventAdmin(ServiceAdmin):
    """What happens in the neighbourhood, and when."""

    services = services
    form = EventForm
    list_display = ("title", "next_day", "rhythm_in_words", "owner_name", "place", "is_cancelled")
    list_filter = (When, "solution_team", "team")
    search_fields = ("title", "place")
    fieldsets: ClassVar = (
        (None, {"fields": ("title", "title_en", "text", "text_en", "solution_team", "team")}),
        (_("Wann"), {"fields": ("day", "time", "end_day", "end_time", "rhythm", "until")}),
        (_("Wo und wie"), {"fields": ("place", "bring", "bring_en", "needs_registration")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        coming = Min("occurrences__day", filter=Q(occurrences__end_day__gte=today()))
        found: QuerySet[Event] = super().get_queryset(request)
        return found.select_related("team", "solution_team").annotate(coming=coming)

    def get_acts(self, request: HttpRequest, obj: Event) -> list[Group]:
        return [acts.of_days(obj), acts.of_event(obj)]

    @admin.display(description=_("Nächster Tag"), ordering="coming")
    def next_day(self, event: Any) -> str:
        return date_format(event.coming, "DATE_FORMAT") if event.coming else "–"

    @admin.display(description=_("Wie oft"))
    def rhythm_in_words(self, event: Event) -> str:
        return event.rhythm or str(_("Einmal"))

    @admin.display(description=_("Wer lädt ein"))
    def owner_name(self, event: Event) -> str:
        return event.owner.name if event.owner else str(_("Das Quartier"))
