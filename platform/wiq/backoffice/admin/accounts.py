"""Accounts and invitations, at the desk of a district and at the project team's console."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wiq.accounts import invitations, second_step, services
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import DISTRICT_ROLES, PLATFORM_ROLES, Role
from wiq.admin.acts import Act, Group, told
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import district_site, platform_site
from wiq.editing.forms import VersionedForm
from wiq.mail_addresses import of_account
from wiq.tenancy import PUBLIC, connection


def _roles_here() -> list[tuple[str, Any]]:
    here = PLATFORM_ROLES if connection.schema_name == PUBLIC else DISTRICT_ROLES
    return [(role.value, role.label) for role in Role if role in here]


class RolesHere(AuditedAdmin):
    """An admin page that offers the roles of its host."""

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "role":
            kwargs["choices"] = _roles_here()
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class AccountForm(VersionedForm):
    """An account at the desk: its name and role."""

    def clean(self) -> dict[str, Any] | None:
        """Refuse, beside the field, a change that leaves nobody with full responsibility."""
        # Before the row itself is locked: in another order, two could wait for each other.
        services.hold_keepers()
        data = super().clean()
        stored = User.objects.filter(pk=self.instance.pk).first()
        role, is_active = self.cleaned_data.get("role"), self.cleaned_data.get("is_active")
        if stored is not None and (role != stored.role or not is_active):
            services.check_may_leave(stored)
        return data


@admin.register(User, site=district_site)
@admin.register(User, site=platform_site)
class UserAdmin(RolesHere):
    """The accounts of this host. New ones come by invitation."""

    form = AccountForm
    list_display = ("email", "name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("email", "name")
    fields = ("email", "name", "role", "is_active", "last_login", "created_at")
    readonly_fields = ("email", "last_login", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_acts(self, request: HttpRequest, obj: User) -> list[Group]:
        is_other = obj.pk != _actor(request).pk and second_step.has_one(obj)
        acts = [Act("reset", _("Zurücksetzen"), _reset_factor, look="danger")] if is_other else []
        about = _(
            "Handy verloren, keine Ersatzcodes mehr? Setzen Sie nur zurück, wenn Sie die Person sprechen."
        )
        return [Group("second-step", _("Zweiter Schritt beim Anmelden"), acts, about=about)]

    def write(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        data = form.cleaned_data
        services.change_account(
            obj, actor=_actor(request), name=data["name"], role=Role(data["role"]),
            is_active=data["is_active"],
        )  # fmt: skip

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for user in queryset:
            try:
                services.remove_account(user, actor=_actor(request))
            except ValidationError as error:
                self.message_user(request, "; ".join(error.messages), messages.ERROR)

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Do nothing: the service has recorded which accounts it deleted."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List only the accounts themselves.

        For related objects, Django would query its admin log, a table that districts don't have.
        """
        names = [str(user) for user in objs]
        return names, {User._meta.verbose_name_plural: len(names)}, set(), []


def _reset_factor(user: User, typed: Mapping[str, Any], actor: models.Model) -> Any:
    assert isinstance(actor, User)
    second_step.reset(user, actor=actor)
    return _("Zurückgesetzt. Die Person richtet beim nächsten Anmelden einen neuen ein.")


class InvitationForm(VersionedForm):
    """The person to invite."""

    def clean_email(self) -> str:
        email = of_account(self.cleaned_data["email"])
        services.check_free(email)
        return email


def _resend(invitation: Invitation, typed: Mapping[str, Any], actor: models.Model) -> Any:
    invitations.resend(invitation, actor=actor)
    return gettext("Ein neuer Link ist an %s unterwegs. Der alte gilt nicht mehr.") % (
        invitation.email
    )


def _revoke(invitation: Invitation, typed: Mapping[str, Any], actor: models.Model) -> Any:
    invitations.revoke(invitation, actor=actor)
    return _("Zurückgenommen. Der Link gilt nicht mehr.")


@admin.register(Invitation, site=district_site)
@admin.register(Invitation, site=platform_site)
class InvitationAdmin(RolesHere):
    """The invitations, and whether their links still work."""

    form = InvitationForm
    list_display = ("email", "role", "how_it_stands", "expires_at", "invited_by")
    search_fields = ("email",)
    fields = ("email", "name", "role")
    actions: ClassVar = ["resend", "revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # The list's actions need this permission; invitations themselves can't be edited.
        return obj is None and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def write(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        made = invitations.invite(
            email=obj.email, name=obj.name, role=Role(obj.role), actor=_actor(request)
        )
        obj.pk = made.pk

    def get_acts(self, request: HttpRequest, obj: Invitation) -> list[Group]:
        is_open = Invitation.objects.open().filter(pk=obj.pk).exists()
        acts = [
            Act("resend", _("Neuen Link schicken"), _resend, look="primary"),
            Act("revoke", _("Zurücknehmen"), _revoke, look="danger"),
        ]
        about = f"{_('Stand')}: {self.how_it_stands(obj)}"
        return [Group("link", _("Der Link"), acts if is_open else [], about=about)]

    @admin.display(description=_("Stand"))
    def how_it_stands(self, invitation: Invitation) -> Any:
        if invitation.accepted_at:
            return _("angenommen")
        if invitation.revoked_at:
            return _("zurückgenommen")
        return _("abgelaufen") if invitation.expires_at <= timezone.now() else _("offen")

    @admin.action(description=_("Neuen Link schicken"), permissions=["change"])
    def resend(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, invitations.resend)

    @admin.action(description=_("Zurücknehmen"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        self._each(request, queryset, invitations.revoke)

    def _each(self, request: HttpRequest, queryset: Any, do: Any) -> None:
        done = 0
        for invitation in queryset:
            try:
                do(invitation, actor=_actor(request))
                done += 1
            except ValidationError as error:
                text = f"{invitation.email}: {'; '.join(error.messages)}"
                self.message_user(request, text, messages.ERROR)
        if done:
            self.message_user(request, told(done, done))


def _actor(request: HttpRequest) -> User:
    user = account(request)
    assert isinstance(user, User)
    return user
