"""Open tasks in the guide."""

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.pages import legal
from tenants.districts.requests import DistrictRequest
from wiq.admin.waiting import Pile, Task, waits


@waits(place=150, permission="contact.view_contactrequest")
def legal_gaps(request: DistrictRequest) -> Pile:
    """The data that the legal pages lack."""
    missing = legal.missing(request.tenant)
    url = reverse("guide_step", args=["traeger"])
    tasks = [Task(words, _("im Leitfaden ergänzen"), url) for words in missing]
    return Pile(_("Was auf den Rechtsseiten fehlt"), len(missing), url, tasks)
