"""News of the kit for the first page of the desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tenants.districts.requests import DistrictRequest
from tenants.kit.offers import offers_by_kind
from wiq.admin.waiting import Pile, Task, waits


@waits(place=160, permission="accounts.view_invitation")
def new_in_the_kit(request: DistrictRequest) -> Pile:
    """Items on offer that nobody in the district has looked at."""
    url = reverse("kit")
    tasks = [
        Task(offers[0].item.title, str(kind.label), url)
        if len(offers) == 1
        # A task for each kind: nobody looks at twenty words one by one.
        else Task(f"{kind.label} ({len(offers)})", _("zusammen in einem Schritt"), f"{url}#{kind}")
        for kind, offers in offers_by_kind(request.tenant).items()
    ]
    return Pile(_("Neues aus dem Startpaket"), len(tasks), url, tasks, act=_("Ansehen"))
