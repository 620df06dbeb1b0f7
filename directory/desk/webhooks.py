"""The page on which a coordinator registers the addresses that are called for new requests."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from directory.desk.frame import desk_page, show
from directory.webhooks import reading, services
from directory.webhooks.models import Webhook
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account
from wiq.typed import row_number

SEES, CHANGES = "webhooks.view_webhook", "webhooks.change_webhook"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission=SEES)
def webhooks(request: DistrictRequest) -> HttpResponse:
    """Show the webhooks with their last calls, and register, try or remove one."""
    if request.method != "POST":
        return _show(request)
    user: Any = request.user
    if not user.has_perm(CHANGES):
        raise PermissionDenied
    if request.POST.get("was") == "eintragen":
        return _register(request)
    return _act(request)


def _register(request: DistrictRequest) -> HttpResponse:
    """Register an address; its secret stands on this answer and nowhere else again."""
    url = request.POST.get("url", "")
    try:
        made, secret = services.register(url=url, actor=account(request))
    except ValidationError as error:
        return _show(request, error=" ".join(error.messages), url=url, status=422)
    return _show(request, made=made, secret=secret)


def _act(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("nummer", "")
    webhook = Webhook.objects.filter(pk=row_number(number)).first()
    if webhook is None:
        raise Http404
    was, actor = request.POST.get("was", ""), account(request)
    if was == "probe":
        services.try_out(webhook=webhook, actor=actor)
        told = _("Die Probe ist unterwegs. Laden Sie die Seite gleich noch einmal.")
    elif was == "nochmal":
        count = services.send_again(webhook=webhook, actor=actor)
        told = ngettext("%d Meldung geht noch einmal hinaus.", "%d Meldungen gehen noch einmal hinaus.", count) % count  # fmt: skip
    elif was == "loeschen" and request.POST.get("sicher"):
        services.remove(webhook=webhook, actor=actor)
        told = _("Der Webhook ist gelöscht.")
    else:
        told = _("Bitte bestätigen Sie, dass der Webhook gelöscht werden soll.")
    messages.success(request, told)
    return HttpResponseRedirect(reverse("desk_webhooks"))


def _show(request: DistrictRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    user: Any = request.user
    context = {
        "nav": "everything",
        "lines": reading.lines(),
        "may_change": user.has_perm(CHANGES),
        "most": services.MOST,
        **more,
    }
    return show(request, "desk/webhooks.html", context, status=status)
