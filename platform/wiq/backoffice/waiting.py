"""Undelivered mails of all rooms."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wiq.admin.waiting import SHOWN, Pile, Task, age, change_url, list_url, pile_of, waits
from wiq.mail.models import Message, RefusedAddress
from wiq.outbox.models import Pointer
from wiq.outbox.words import why
from wiq.reputation import services as reputation
from wiq.reputation.models import Kind
from wiq.tenancy import current_district_id


@waits(place=110, permission="contact.view_contactrequest")
def failed_mails(request: HttpRequest) -> Pile:
    """Mails that were given up or keep failing."""
    stuck = Pointer.objects.filter(district_id=current_district_id()).stuck()
    since = dict(
        stuck.order_by("waiting_since").values_list("message_uuid", "waiting_since")[:SHOWN]
    )
    mails = Message.objects.filter(uuid__in=since)
    tasks = [
        Task(mail.subject, mail.to, change_url("mail_message", mail.pk), since[mail.uuid])
        for mail in sorted(mails, key=lambda mail: list(since).index(mail.uuid))
    ]
    return Pile(
        _("E-Mails, die nicht ankommen"), stuck.count(), list_url("mail_message"), tasks,
        act=_("Adresse prüfen"),
    )  # fmt: skip


@waits(place=112, permission="mail.view_refusedaddress")
def slowed(request: HttpRequest) -> Pile:
    """Whether this district's mails go out slowly, and why."""
    found = reputation.slowed_here()
    url = list_url("mail_refusedaddress")
    if found is None:
        return Pile(_("E-Mails gehen langsam hinaus"), 0, url)
    why_slow = {
        Kind.BOUNCE: _("Zu viele kamen zurück. Bitte berichtigen Sie die Adressen, an die nichts ankommt."),
        Kind.COMPLAINT: _("Zu viele wurden als Spam gemeldet. Schreiben Sie nur an Menschen, die das möchten."),
    }  # fmt: skip
    task = Task(str(why_slow[Kind(found.kind)]), age(found.since), url, found.since)
    return Pile(_("E-Mails gehen langsam hinaus"), 1, url, [task], act=_("Adressen ansehen"))


@waits(place=111, permission="mail.view_refusedaddress")
def marked_addresses(request: HttpRequest) -> Pile:
    """Addresses to which nothing is sent, because mails came back from there again and again."""
    marked = RefusedAddress.objects.marked().order_by("marked_at")
    url = list_url("mail_refusedaddress")
    title = _("Adressen, an die nichts ankommt")
    return pile_of(title, marked, _marked, url=url, act=_("Adresse prüfen"))


def _marked(row: RefusedAddress) -> Task:
    url = change_url("mail_refusedaddress", row.pk)
    return Task(row.address, why(row.reason), url, row.marked_at)
