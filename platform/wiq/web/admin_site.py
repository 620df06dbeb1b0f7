"""The two administrations: the coordinators' desk and the project team's console."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.templatetags.static import static
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from wiq.accounts.roles import Role
from wiq.audit import services as audit
from wiq.audit.models import Entry


class WiqAdminSite(UnfoldAdminSite):
    """What both administrations share."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))


class DistrictSite(WiqAdminSite):
    """``/koordination/`` on a district's host."""

    site_header = site_title = "Koordination"
    index_title = "Übersicht"


class PlatformSite(WiqAdminSite):
    """``/plattform/`` on the platform's host."""

    settings_name = "UNFOLD_PLATFORM"
    site_header = site_title = "Projektteam"
    index_title = "Quartiere"


district_site = DistrictSite(name="koordination")
platform_site = PlatformSite(name="plattform")
# allauth's sign-in: Django's own form would let people past the second factor.
for _site in (district_site, platform_site):
    _site.login = secure_admin_login(_site.login)


def district_title(request: HttpRequest) -> str:
    """Return what the desk is called: the district's name."""
    district = getattr(request, "tenant", None)
    return district.name if district else "Wir im Quartier"


def icon(request: HttpRequest) -> str:
    """Return the address of the icon in the browser's tab."""
    return static("web/icon.svg")


def may_coordinate(request: HttpRequest) -> bool:
    """Tell whether the desk's inbox is for whoever asks."""
    return getattr(request.user, "role", "") == Role.COORDINATOR


class AuditedAdmin(ModelAdmin):
    """An admin page whose history is our audit log: Django's own log stays empty."""

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        """The service that wrote the object has recorded it."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        """The service that wrote the object has recorded it."""

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Record each object that goes."""
        for instance in queryset:
            name = f"{instance._meta.model_name}.deleted"
            audit.record(name, instance, actor=account(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> TemplateResponse:
        """Show what the audit log says about one object, to those who may see the object."""
        instance = self.get_object(request, object_id)
        if instance is None:
            raise Http404
        if not self.has_view_or_change_permission(request, instance):
            raise PermissionDenied
        entries = Entry.objects.filter(
            target_type=self.model._meta.label_lower, target_id=str(object_id)
        )
        context = self.admin_site.each_context(request) | {
            "title": "Verlauf",
            "entries": entries[:200],
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "web/admin_history.html", context)


def account(request: HttpRequest) -> models.Model:
    """Return the account that uses the administration: the actor of what it does."""
    user = request.user
    assert isinstance(user, models.Model)
    return user
