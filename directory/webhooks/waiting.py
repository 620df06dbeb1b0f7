"""Open tasks about webhooks."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.webhooks.reading import with_failed
from wiq.admin.waiting import Asked, Task, pile_of, waits


@waits(place=148, permission="webhooks.change_webhook")
def unreachable(request: HttpRequest | None) -> Asked:
    """Webhooks that did not answer until the calls were given up."""
    url = reverse("desk_webhooks")

    def task(webhook: Any) -> Task:
        words = ngettext("%d Meldung kam nicht an", "%d Meldungen kamen nicht an", webhook.count)
        return Task(webhook.host, words % webhook.count, url)

    return pile_of(
        _("Webhooks, die nicht antworten"), with_failed().filter(count__gt=0), task,
        fields=("url", "count"), url=url, act=_("Ansehen"),
    )  # fmt: skip
