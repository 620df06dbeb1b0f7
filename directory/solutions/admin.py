"""Solution teams and topics at the coordinators' desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from directory.people.dates import today
from directory.solutions import acts, services
from directory.solutions.acts import MoveForm
from directory.solutions.choices import TeamState
from directory.solutions.models import (
    Picture,
    SolutionTeam,
    SolutionTeamMember,
    StateChange,
    Synonyms,
    Topic,
    Update,
)
from wiq.admin.acts import Group, told
from wiq.admin.badges import colours
from wiq.admin.base import HidesContactAddress, ServiceAdmin, account
from wiq.admin.rows import BlockInline, LabelledInline
from wiq.admin.sites import district_site
from wiq.audit import words
from wiq.editing.forms import VersionedForm
from wiq.media.pictures import check_picture


class NewTeamForm(VersionedForm):
    """A new solution team with its first state, which may be an old one. Later moves are acts."""

    new_state = forms.ChoiceField(
        label=_("Stand"),
        choices=TeamState.choices,
        initial=TeamState.DRAFT,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Ein Entwurf ist nicht öffentlich."),
    )
    state_date = MoveForm.base_fields["state_date"]
    state_reason = MoveForm.base_fields["state_reason"]

    def clean(self) -> dict[str, Any] | None:
        """Refuse a day or a reason without a state that they belong to."""
        data = super().clean()
        is_draft = self.cleaned_data.get("new_state") == TeamState.DRAFT
        reason = self.cleaned_data.get("state_reason", "").strip()
        if is_draft and (reason or self.cleaned_data.get("state_date")):
            self.add_error("new_state", _("Tag und Grund gehören zu einem anderen Stand."))
        return data


class MemberInline(LabelledInline):
    model = SolutionTeamMember
    extra = 0
    autocomplete_fields: ClassVar = ["person"]


class UpdateInline(BlockInline):
    model = Update
    extra = 0
    fields = ("date", "text", "text_en")


class PictureInline(BlockInline):
    model = Picture
    extra = 0
    fields = ("image", "alt", "caption", "position")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "image":
            field.validators.append(check_picture)
        return field


class StateChangeInline(LabelledInline):
    """The changes of state so far, read-only."""

    model = StateChange
    extra = 0
    can_delete = False
    fields = readonly_fields = ("date", "from_state", "to_state", "reason", "who")

    @admin.display(description=_("wer"))
    def who(self, change: StateChange) -> str:
        return words.called(change.changed_by)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SolutionsAdmin(ServiceAdmin):
    """An admin page of this room."""

    services = services


class ToDo(admin.SimpleListFilter):
    """The filter for what Heute lists."""

    title = _("zu tun")
    parameter_name = "zu-tun"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("bestaetigen", _("lange nicht bestätigt")),
            ("beschreiben", _("ohne Beschreibung")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "bestaetigen":
            return queryset.unconfirmed_since(today() - services.ASK_EVERY)
        if self.value() == "beschreiben":
            return queryset.wordless()
        return queryset


@admin.register(SolutionTeam, site=district_site)
class SolutionTeamAdmin(HidesContactAddress, SolutionsAdmin):
    """Solution teams with their members, updates and pictures."""

    change_form_outer_before_template = "web/admin_acts.html"
    change_form_outer_after_template = None
    list_display = ("name", "shown_state", "confirmed_at", "contact_email", "last_news_on")
    list_filter = (ToDo, "state", "topics")
    search_fields = ("name", "title_key")
    prepopulated_fields: ClassVar = {"slug": ["name"]}
    autocomplete_fields: ClassVar = ["topics"]
    inlines: ClassVar = [UpdateInline, MemberInline, PictureInline, StateChangeInline]
    actions: ClassVar = ["confirm", "ask"]
    readonly_fields = ("state", "confirmed_at", "from_idea", "origin")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(
            request, obj, change, **{"form": VersionedForm if change else NewTeamForm} | kwargs
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        told = ("name", "slug", "topics", "challenge", "challenge_en", "approach", "approach_en",
                "place", "source_note",
                "is_shared")  # fmt: skip
        contact = () if "contact_email" in self.get_exclude(request) else ("contact_email",)
        moves = ("new_state", "state_date", "state_reason")
        known = ("state", "confirmed_at", "from_idea", "origin")
        state = moves if obj is None else known
        return [(None, {"fields": (*told, *contact)}), (_("Wie es steht"), {"fields": state})]

    def get_acts(self, request: HttpRequest, obj: SolutionTeam) -> list[Group]:
        return [acts.of_state(obj), acts.of_questions(obj)]

    def write(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save the form's data and topics, and the state of a new team, all or nothing."""
        assert isinstance(obj, SolutionTeam)
        data = form.cleaned_data
        services.save_whole(
            obj,
            actor=account(request),
            topics=data.get("topics", ()),
            state=data.get("new_state"),
            date=data.get("state_date"),
            reason=data.get("state_reason", ""),
        )

    @display(
        description=_("Stand"),
        ordering="state",
        label=colours(
            TeamState,
            {
                TeamState.RUNNING: "success",
                TeamState.OPERATING: "success",
                TeamState.PAUSED: "warning",
            },
        ),
    )
    def shown_state(self, team: SolutionTeam) -> tuple[str, str]:
        return team.state, team.get_state_display()

    @admin.display(description=_("Aus der Idee"))
    def from_idea(self, team: SolutionTeam) -> SafeString | str:
        idea = getattr(team, "idea", None)
        if idea is None:
            return "–"
        url = reverse("koordination:ideas_idea_change", args=[idea.pk])
        return format_html('<a href="{}">{}</a>', url, idea.reference)

    @admin.display(description=_("Nachgemacht von"))
    def origin(self, team: SolutionTeam) -> SafeString | str:
        if not team.origin_name:
            return "–"
        return format_html('<a href="{}">{}</a>', team.origin_url, team.origin_name)

    @admin.action(description=_("Heute bestätigt"), permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: Any) -> None:
        confirmed = [services.confirm(team, actor=account(request)) for team in queryset]
        self.message_user(request, told(len(confirmed), len(confirmed)))

    @admin.action(description=_("Nachfragen: Stimmt das noch?"), permissions=["change"])
    def ask(self, request: HttpRequest, queryset: Any) -> None:
        count = sum(services.ask_whether_current(team) for team in queryset)
        text = ngettext(
            "%d E-Mail ist unterwegs. Wer keine Kontaktadresse hat, bekommt keine.",
            "%d E-Mails sind unterwegs. Wer keine Kontaktadresse hat, bekommt keine.",
            count,
        )
        self.message_user(request, text % count)


@admin.register(Topic, site=district_site)
class TopicAdmin(SolutionsAdmin):
    """The topics of solution teams."""

    list_display = ("name", "slug")
    search_fields = ("name",)
    prepopulated_fields: ClassVar = {"slug": ["name"]}


@admin.register(Synonyms, site=district_site)
class SynonymsAdmin(SolutionsAdmin):
    """Words that the search takes for one another."""

    list_display = ("words",)
    search_fields = ("words",)
