"""Open tasks about webhooks."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.webhooks.models import Webhook
from directory.webhooks.reading import given_up
from wiq.admin.waiting import SHOWN, Pile, Task, waits


@waits(place=148, permission="webhooks.change_webhook")
def unreachable(request: HttpRequest | None) -> Pile:
    """Webhooks that did not answer until the calls were given up."""
    url = reverse("desk_webhooks")
    found: list[tuple[Webhook, int]] = given_up()
    tasks = [
        Task(
            webhook.host,
            ngettext("%d Meldung kam nicht an", "%d Meldungen kamen nicht an", count) % count,
            url,
        )
        for webhook, count in found[:SHOWN]
    ]
    return Pile(_("Webhooks, die nicht antworten"), len(found), url, tasks, act=_("Ansehen"))
