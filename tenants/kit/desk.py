"""The first page of the desk, with what is new in the kit."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from directory.desk import today
from tenants.kit import services


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the piles of the desk, and one for the kit (unfold's DASHBOARD_CALLBACK)."""
    context = today.dashboard(request, context)
    user: Any = request.user
    if user.has_perm("accounts.add_invitation"):
        offers = list(services.offers(request.tenant))  # type: ignore[attr-defined]
        url = reverse("kit")
        tasks = [
            today.Task(offer.item.title, str(offer.item.get_kind_display()), url)
            for offer in offers[: today.SHOWN]
        ]
        pile = today.Pile(_("Neues aus dem Startpaket"), len(offers), url, tasks)
        context["piles"].append(pile)
        context["piles"].sort(key=lambda one: one.count == 0)
        context["all_done"] = not any(one.count for one in context["piles"])
    return context
