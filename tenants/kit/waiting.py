"""News of the kit for the first page of the desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tenants.districts.requests import DistrictRequest
from tenants.kit import services
from wiq.admin.waiting import SHOWN, Pile, Task, waits


@waits(place=160, permission="accounts.view_invitation")
def new_in_the_kit(request: DistrictRequest) -> Pile:
    """Items on offer that nobody in the district has looked at."""
    offers = list(services.offers(request.tenant))
    url = reverse("kit")
    tasks = [
        Task(offer.item.title, str(offer.item.get_kind_display()), url) for offer in offers[:SHOWN]
    ]
    return Pile(_("Neues aus dem Startpaket"), len(offers), url, tasks)
