"""News of the kit for the first page of the desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tenants.districts.requests import DistrictRequest
from tenants.kit import installers
from tenants.kit.offers import by_kind, compared, kit_for
from wiq.admin.waiting import Asked, Pile, Task, waits
from wiq.database.together import Found


@waits(place=160, permission="accounts.view_invitation")
def new_in_the_kit(request: DistrictRequest) -> Asked:
    """Items on offer that nobody in the district has looked at."""
    kit = kit_for(request.tenant)

    def pile(*found: Found) -> Pile:
        url = reverse("kit")
        kinds = by_kind(compared(kit, installers.by_key(found)))
        tasks = [
            Task(offers[0].item.title, str(kind.label), url)
            if len(offers) == 1
            # A task for each kind: nobody looks at twenty words one by one.
            else Task(
                f"{kind.label} ({len(offers)})", _("zusammen in einem Schritt"), f"{url}#{kind}"
            )
            for kind, offers in kinds.items()
        ]
        title = _("Neues aus dem Startpaket")
        return Pile(title, len(tasks), url, tasks, act=_("Ansehen"))

    return Asked(installers.wanted(kit.items), pile)
