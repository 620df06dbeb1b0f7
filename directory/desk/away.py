"""Being away: nothing new is given to whoever is, and what they have open is handed on."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.conversations import absences, services
from directory.desk.frame import desk_page, show
from directory.desk.several import CHANGES
from tenants.districts.requests import DistrictRequest
from wiq.accounts.models import User
from wiq.admin.base import account
from wiq.typed import row_number


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission=CHANGES)
def away(request: DistrictRequest) -> HttpResponse:
    """Show who is away, and note that somebody is, or is back."""
    error, status = "", 200
    if request.method == "POST":
        try:
            messages.success(request, _act(request.POST, account(request)))
            return HttpResponseRedirect(reverse("desk_away"))
        except ValidationError as refused:
            error, status = " ".join(refused.messages), 422
    colleagues = services.colleagues()
    user: Any = request.user
    context = {
        "nav": "everything",
        "error": error,
        "here": [one for one in colleagues if one.away_until is None],
        "gone": [one for one in colleagues if one.away_until],
        "typed": request.POST,
        "who": request.POST.get("wer") or str(user.pk),
    }
    return show(request, "desk/away.html", context, status=status)


def _act(typed: QueryDict, actor: Any) -> str:
    """Do what a button says, and return what the page tells. Raises ValidationError."""
    who = _colleague(typed.get("wer", ""))
    if who is None:
        raise ValidationError(_("Bitte wählen Sie, wer nicht da ist."))
    if typed.get("was") == "zurueck":
        absences.come_back(account=who, actor=actor)
        return str(_("%s ist wieder da.") % who)
    try:
        back_on = date.fromisoformat(typed.get("bis", ""))
    except ValueError:
        raise ValidationError(_("Bitte geben Sie an, ab wann die Person wieder da ist.")) from None
    to = _colleague(typed.get("vertretung", ""))
    absences.leave(account=who, back_on=back_on, to=to, actor=actor)
    return absences.words(who, back_on)


def _colleague(number: str) -> Any | None:
    found = User.objects.filter(pk=row_number(number)).first()
    return found if found is not None and services.is_colleague(found) else None
