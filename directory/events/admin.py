"""Events at the coordinators' desk."""

from collections.abc import Iterable
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

FOLDED = ("collapse",)
# What a field of the form shows that is no column.
COLUMNS = {"rhythm": "rule", "until": "rule"}


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
    # What is folded away is asked for by few dates; it is open where something stands in it.
    fieldsets: ClassVar = (
        (_("Was"), {"fields": ("title", "text", ("solution_team", "team"))}),
        (_("Wann und wo"), {"fields": ("day", ("time", "end_time"), "place")}),
        (
            _("Kommt wieder oder dauert länger"),
            {"fields": ("rhythm", "until", "end_day"), "classes": FOLDED},
        ),
        (
            _("Mitbringen und anmelden"),
            {"fields": ("bring", "needs_registration"), "classes": FOLDED},
        ),
        (_("Auf Englisch"), {"fields": ("title_en", "text_en", "bring_en"), "classes": FOLDED}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Event | None = None) -> Any:
        """Open what is folded away where this date says something in it."""
        return [
            (title, said | {"classes": ()} if _says_something(obj, said["fields"]) else said)
            for title, said in super().get_fieldsets(request, obj)
        ]

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


def _says_something(event: Event | None, fields: Iterable[Any]) -> bool:
    """Tell whether an event says something in one of some fields."""
    names = [COLUMNS.get(name, name) for name in fields if isinstance(name, str)]
    return any(getattr(event, name, None) for name in names)
