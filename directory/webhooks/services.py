"""Webhooks: registered, tried, removed; and the calls that tell of what came in."""

import json
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.conversations.sorts import sort_of
from directory.webhooks import signing
from directory.webhooks.models import CallState, Webhook, WebhookCall
from directory.webhooks.rules import check_url
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.calls import services as calls
from wiq.database.locks import one_at_a_time
from wiq.signing import keys
from wiq.submissions.models import SUSPICIOUS, Submission
from wiq.tenancy import connection
from wiq.web.hosts import on_this_host

MOST = 5
TRIAL = "trial"
# One that lay under suspicion for longer is no news any more.
NEWS = timedelta(days=14)


@transaction.atomic
def register(*, url: str, actor: Actor) -> tuple[Webhook, str]:
    """Register an address; return it with its secret, which nobody can be shown again.

    Raises ValidationError for an address that can't be called, and for one too many.
    """
    one_at_a_time(f"{connection.schema_name} webhooks")
    if Webhook.objects.count() >= MOST:
        raise ValidationError(_("Mehr als fünf Webhooks gehen nicht. Löschen Sie erst einen."))
    secret = signing.new_secret()
    made = Webhook.objects.create(url=check_url(url), secret=signing.locked(secret))
    audit.record_change("webhook.registered", made, actor=actor, details={"host": made.host})
    return made, secret


@transaction.atomic
def remove(*, webhook: Webhook, actor: Actor) -> None:
    """Remove a webhook with its calls; what waits is not sent any more."""
    calls.forget(webhook.calls.values_list("uuid", flat=True))
    audit.record_change("webhook.removed", webhook, actor=actor, details={"host": webhook.host})
    webhook.delete()


@transaction.atomic
def try_out(*, webhook: Webhook, actor: Actor) -> WebhookCall:
    """Send a trial that says nothing of anybody; it goes at once, whatever failed before."""
    Webhook.objects.filter(pk=webhook.pk).update(wait_until=None)
    body = _body(TRIAL, at=timezone.now(), reference="", kind=TRIAL, url="")
    made = WebhookCall.objects.create(webhook=webhook, event=TRIAL, body=body)
    calls.point_to(made.uuid)
    audit.record_event("webhook.tried", webhook, actor=actor, details={"host": webhook.host})
    return made


@transaction.atomic
def send_again(*, webhook: Webhook, actor: Actor) -> int:
    """Try anew what was given up; return how many calls that were."""
    rows = webhook.calls.select_for_update().filter(state=CallState.FAILED)
    uuids = list(rows.values_list("uuid", flat=True))
    Webhook.objects.filter(pk=webhook.pk).update(wait_until=None, failures=0)
    # Those alone: one that is given up meanwhile would wait for ever, without a pointer.
    again = webhook.calls.filter(uuid__in=uuids)
    again.update(state=CallState.WAITING, done_at=None, created_at=timezone.now())
    for uuid in uuids:
        calls.point_to(uuid)
    audit.record_event("webhook.sent_again", webhook, actor=actor, details={"host": webhook.host})
    return len(uuids)


@transaction.atomic
def tell(submission: Submission) -> None:
    """Write a call to each webhook about a submission that came in, once, in this transaction.

    A suspicious one is told of when it is taken out of there.
    """
    sort = sort_of(submission)
    is_news = submission.created_at > timezone.now() - NEWS
    if sort is None or submission.state == SUSPICIOUS or not is_news:
        return
    about: dict[str, Any] = {"about_type": sort.kind, "about_id": submission.pk}
    new = Webhook.objects.filter(created_at__lte=submission.created_at)
    for webhook in new.exclude(pk__in=WebhookCall.objects.filter(**about).values("webhook")):
        event = f"{sort.name}.created"
        body = _body(
            event, at=submission.created_at, reference=submission.reference, kind=sort.name,
            url=on_this_host("desk_letter", submission.reference),
        )  # fmt: skip
        made, is_new = WebhookCall.objects.get_or_create(
            webhook=webhook, **about,
            defaults={"event": event, "reference": submission.reference, "body": body},
        )  # fmt: skip
        if is_new:
            calls.point_to(made.uuid)


def _body(event: str, *, at: Any, reference: str, kind: str, url: str) -> str:
    """Return what is sent. No name, no address and no word of a resident stands in it."""
    data = {"reference": reference, "kind": kind, "received_at": at.isoformat(), "url": url}
    return json.dumps(
        {"type": event, "timestamp": at.isoformat(), "data": data}, separators=(",", ":")
    )


def forget_over() -> int:
    """Delete the calls that are over for a month; return how many."""
    over = WebhookCall.objects.over()
    return int(over.delete()[0])


def relock_secrets() -> int:
    """Encrypt the secrets with the current SECRET_KEY; return how many were changed."""
    changed = 0
    for webhook in Webhook.objects.all():
        fresh = keys.relocked(webhook.secret)
        if fresh != webhook.secret:
            changed += Webhook.objects.filter(pk=webhook.pk).update(secret=fresh)
    return changed
