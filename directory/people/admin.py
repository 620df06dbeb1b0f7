"""People and teams at the coordinators' desk."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.people import services
from directory.people.consents import Consent
from directory.people.dates import today
from directory.people.models import Membership, Person, Seat, Team
from wiq.admin.acts import Act, Group, told
from wiq.admin.base import HidesContactAddress, ServiceAdmin, account
from wiq.admin.rows import BlockInline, LabelledInline, PageRows
from wiq.admin.sites import district_site
from wiq.media.pictures import check_picture


class PeopleAdmin(ServiceAdmin):
    """An admin page of this room."""

    services = services


class SeatInline(LabelledInline):
    model = Seat
    extra = 0
    autocomplete_fields: ClassVar = ["person"]


class Memberships(PageRows):
    """Membership rows of one page, compared with each other before the database does it."""

    def clean(self) -> None:
        super().clean()
        # By key: an object created on this page has none yet, and is the same in every row.
        pairs = [
            tuple(getattr(form.cleaned_data.get(name), "pk", None) for name in ("team", "person"))
            for form in self.forms
            if hasattr(form, "cleaned_data")
            and form.cleaned_data
            and not form.cleaned_data.get("DELETE")
            and form.cleaned_data.get("until") is None
        ]
        if len(pairs) != len(set(pairs)):
            raise ValidationError(_("Diese Person ist schon Mitglied dieses Teams."))


class TeamMembershipInline(LabelledInline):
    model = Membership
    formset = Memberships
    extra = 0
    autocomplete_fields: ClassVar = ["person"]


class PersonMembershipInline(TeamMembershipInline):
    autocomplete_fields: ClassVar = ["team"]


class ConsentInline(BlockInline):
    model = Consent
    extra = 0
    can_delete = False
    fields = ("scope", "basis", ("given_on", "given_how"), "withdrawn_on")


@admin.register(Team, site=district_site)
class TeamAdmin(HidesContactAddress, PeopleAdmin):
    """Teams with their seats and members."""

    list_display = ("name", "abbreviation", "kind", "contact_email", "is_published")
    search_fields = ("name", "abbreviation")
    prepopulated_fields: ClassVar = {"slug": ["name"]}
    inlines: ClassVar = [SeatInline, TeamMembershipInline]


@admin.register(Person, site=district_site)
class PersonAdmin(PeopleAdmin):
    """People with their teams and their consents to be shown."""

    list_display = ("name", "sector", "may_be_shown")
    list_filter = ("sector",)
    search_fields = ("name",)
    prepopulated_fields: ClassVar = {"slug": ["name"]}
    inlines: ClassVar = [ConsentInline, PersonMembershipInline]

    def get_queryset(self, request: HttpRequest) -> Any:
        shown = Person.objects.shown().values("pk")
        is_shown = models.Case(
            models.When(pk__in=shown, then=True), default=False, output_field=models.BooleanField()
        )
        return super().get_queryset(request).annotate(is_shown=is_shown)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let coordinators erase a person with the consents, which can't be deleted alone."""
        gone, counts, missing, protected = super().get_deleted_objects(objs, request)
        if request.user.has_perm("people.delete_consent"):
            missing = set()
        return gone, counts, missing, protected

    @admin.display(description=_("wird gezeigt"), boolean=True, ordering="is_shown")
    def may_be_shown(self, person: Person) -> bool:
        return person.is_shown

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "portrait":
            field.validators.append(check_picture)
        return field


class ToBeAskedFor(admin.SimpleListFilter):
    """The filter "Einwilligung einholen"."""

    title = _("zu tun")
    parameter_name = "zu-tun"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("einholen", _("Einwilligung einholen"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.to_be_asked_for() if self.value() == "einholen" else queryset


def _withdraw(consent: Consent, typed: Mapping[str, Any], actor: models.Model) -> Any:
    services.withdraw_consent(consent, actor=actor)
    return _("Der Widerruf ist eingetragen und gilt ab sofort.")


@admin.register(Consent, site=district_site)
class ConsentAdmin(PeopleAdmin):
    """What people agreed to be shown with, and whom to ask."""

    change_form_outer_before_template = "web/admin_acts.html"
    change_form_outer_after_template = None
    list_display = ("person", "scope", "basis", "given_on", "withdrawn_on", "to_do")
    list_filter = (ToBeAskedFor, "scope", "basis")
    autocomplete_fields: ClassVar = ["person"]
    actions: ClassVar = ["withdraw"]

    @admin.display(description=_("zu tun"))
    def to_do(self, consent: Consent) -> str:
        if consent.given_on is None and consent.withdrawn_on is None:
            return str(_("Einwilligung einholen"))
        return ""

    def get_acts(self, request: HttpRequest, obj: Consent) -> list[Group]:
        acts = [Act("withdraw", _("Widerruf eintragen"), _withdraw, look="danger")]
        about = _("Dann zeigt keine Seite mehr, worum es darin geht. Das gilt sofort.")
        is_in_force = obj.withdrawn_on is None
        return [Group("withdraw", _("Widerruf"), acts if is_in_force else [], about=about)]

    @admin.action(description=_("Widerruf eintragen"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: Any) -> None:
        in_force = [consent for consent in queryset if consent.withdrawn_on is None]
        for consent in in_force:
            services.withdraw_consent(consent, actor=account(request))
        self.message_user(request, told(len(in_force), len(queryset)))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Consents are withdrawn, never deleted, because they prove later what was agreed."""
        return False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_changeform_initial_data(request), "given_on": today()}
