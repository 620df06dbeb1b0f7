"""The audit log at the desk and the console, in sentences, read-only."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from wiq.accounts.models import User
from wiq.admin.lookups import ListedLookups
from wiq.admin.sites import district_site, platform_site
from wiq.audit import names, words
from wiq.audit.models import Entry


class EntryList(ChangeList):
    """A page of the log, with the names of everybody and everything on it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        known = names.of_entries(self.result_list)
        for entry in self.result_list:
            entry.names = known


class ActionFilter(admin.SimpleListFilter):
    """The filter by what was done, in words."""

    title = _("was")
    parameter_name = "was"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        actions = Entry.objects.order_by().values_list("action", flat=True).distinct()
        return sorted(((action, words.title(action)) for action in actions), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(Entry, site=district_site)
@admin.register(Entry, site=platform_site)
class EntryAdmin(ListedLookups, ModelAdmin):
    """Who did what, when."""

    list_display = ("at", "sentence", "target")
    list_filter = (ActionFilter,)
    search_fields = ("actor", "target_id")
    date_hierarchy = "at"
    fields = ("at", "sentence", "account", "target")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Find somebody by the name that the sentences call them by, too."""
        found, is_several = super().get_search_results(request, queryset, search_term)
        named = User.objects.filter(name__icontains=search_term).values_list("email", flat=True)
        if search_term and named:
            found = found | queryset.filter(actor__in=list(named))
        return found, is_several

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EntryList

    @admin.display(description=_("was"))
    def sentence(self, entry: Entry) -> str:
        return words.in_words(entry, _names(entry))

    @admin.display(description=_("Konto"))
    def account(self, entry: Entry) -> str:
        """Show the address: two accounts may have one name."""
        return entry.actor if "@" in entry.actor else "–"

    @admin.display(description=_("woran"))
    def target(self, entry: Entry) -> SafeString | str:
        """Lead to the object's page if it is still there."""
        if not _names(entry).has(entry.target_type, entry.target_id):
            return "–"
        name = f"{self.admin_site.name}:{entry.target_type.replace('.', '_')}_change"
        try:
            url = reverse(name, args=[entry.target_id])
        except NoReverseMatch:  # shown on another object's page, as a seat on its team's
            return "–"
        return format_html('<a class="underline" href="{}">{}</a>', url, _("ansehen"))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """An entry never changes, so it has no history."""
        raise Http404

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _names(entry: Any) -> names.Names:
    """Return the names of its page; those of an entry that is shown alone are read now."""
    if not hasattr(entry, "names"):
        entry.names = names.of_entries([entry])
    found: names.Names = entry.names
    return found
