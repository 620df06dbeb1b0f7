"""Undelivered mails of all rooms."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from wiq.admin.waiting import (
    SHOWN,
    Asked,
    Pile,
    Task,
    age,
    change_url,
    list_url,
    pile_of,
    waits,
)
from wiq.database.together import Found, Wanted
from wiq.mail.models import Message, RefusedAddress
from wiq.outbox.models import Pointer
from wiq.outbox.words import why
from wiq.reputation import services as reputation
from wiq.reputation.models import Kind
from wiq.tenancy import current_district_id


@waits(place=110, permission="contact.view_contactrequest")
def failed_mails(request: HttpRequest) -> Asked:
    """Mails that were given up or keep failing."""
    stuck = Pointer.objects.filter(district_id=current_district_id()).stuck()
    rows = stuck.order_by("waiting_since")
    wanted = Wanted(rows, ("message_uuid", "waiting_since"), SHOWN)
    return Asked([wanted], _mails_of, is_public=True)


def _mails_of(stuck: Found) -> Pile | Asked:
    title, url, act = (
        _("E-Mails, die nicht ankommen"),
        list_url("mail_message"),
        _("Adresse prüfen"),
    )
    since = {row.message_uuid: row.waiting_since for row in stuck.rows}
    if not since:
        return Pile(title, 0, url, act=act)

    def pile(found: Found) -> Pile:
        mails = sorted(found.rows, key=lambda mail: list(since).index(mail.uuid))
        tasks = [
            Task(mail.subject, mail.to, change_url("mail_message", mail.pk), since[mail.uuid])
            for mail in mails
        ]
        return Pile(title, stuck.count, url, tasks, act)

    return Asked([Wanted(Message.objects.filter(uuid__in=since), ("uuid", "subject", "to"))], pile)


@waits(place=112, permission="mail.view_refusedaddress")
def slowed(request: HttpRequest) -> Asked:
    """Whether this district's mails go out slowly, and why."""
    return Asked([Wanted(reputation.slowing_here(), ("kind", "since"), 1)], _slowed, is_public=True)


def _slowed(found: Found) -> Pile:
    url = list_url("mail_refusedaddress")
    why_slow = {
        Kind.BOUNCE: _("Zu viele kamen zurück. Bitte berichtigen Sie die Adressen, an die nichts ankommt."),
        Kind.COMPLAINT: _("Zu viele wurden als Spam gemeldet. Schreiben Sie nur an Menschen, die das möchten."),
    }  # fmt: skip
    tasks = [
        Task(str(why_slow[Kind(row.kind)]), age(row.since), url, row.since) for row in found.rows
    ]
    return Pile(
        _("E-Mails gehen langsam hinaus"), len(tasks), url, tasks, act=_("Adressen ansehen")
    )


@waits(place=111, permission="mail.view_refusedaddress")
def marked_addresses(request: HttpRequest) -> Asked:
    """Addresses to which nothing is sent, because mails came back from there again and again."""
    return pile_of(
        _("Adressen, an die nichts ankommt"), RefusedAddress.objects.marked().order_by("marked_at"),
        _marked, fields=("address", "reason", "marked_at"), url=list_url("mail_refusedaddress"),
        act=_("Adresse prüfen"),
    )  # fmt: skip


def _marked(row: RefusedAddress) -> Task:
    url = change_url("mail_refusedaddress", row.pk)
    return Task(row.address, why(row.reason), url, row.marked_at)
