"""The mails to subscribers: first the question, then the news, each with an unsubscribe link."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from directory.following.models import UNCONFIRMED_DAYS, Subscription
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.mail.writing import write, write_letter
from wiq.signing.links import SignedLink, UsedUp
from wiq.tenancy import connection
from wiq.web.hosts import on_district

QUESTION, NEWS = "following.question", "following.news"


class Asked(NamedTuple):
    """The subscription that a link confirms."""

    subscription: int


CONFIRM = SignedLink(
    purpose="following.confirm",
    holds=Asked,
    days=UNCONFIRMED_DAYS,
    route="following:confirm",
    used_up=UsedUp.STATE,  # once confirmed, it stays as it was
)


def confirm_url(subscription: Subscription) -> str:
    """Return the address of the page that confirms a subscription."""
    return CONFIRM.url(Asked(subscription.pk))


def end_url(subscription: Subscription) -> str:
    """Return the unsubscribe address: a page for people, one click for mail programs."""
    return on_district("following:end", subscription.token)


def _what(subscription: Subscription) -> str:
    """Return the source of the news, to use in a sentence."""
    if subscription.solution_team is not None:
        return subscription.solution_team.name
    return f"Wir im Quartier – {connection.tenant.name}"


def write_question(subscription: Subscription) -> Message:
    """Ask the owner of the address to confirm the subscription."""
    with translation.override(subscription.language):
        what = _what(subscription)
        return write_letter(
            kind=QUESTION,
            to=subscription.email,
            subject=_("Bitte bestätigen: Neuigkeiten von %s") % what,
            about=subscription,
            paragraphs=[
                _("Sie möchten die Neuigkeiten von „%s“ per E-Mail bekommen.") % what,
                _(
                    "Bitte bestätigen Sie das mit dem Link. Wir schreiben Ihnen, wenn es etwas Neues gibt, höchstens einmal am Tag."
                ),
            ],
            button=_("Ja, ich möchte die Neuigkeiten"),
            url=confirm_url(subscription),
            small=[
                _("Das waren nicht Sie? Dann müssen Sie nichts tun. Nach zwei Wochen löschen wir Ihre Adresse."),
            ],
        )  # fmt: skip


def write_known(subscription: Subscription) -> Message:
    """Tell an address that asked again that it is already subscribed."""
    with translation.override(subscription.language):
        what = _what(subscription)
        return write_letter(
            kind=QUESTION,
            to=subscription.email,
            subject=_("Sie bekommen schon Neuigkeiten von „%s“") % what,
            about=subscription,
            paragraphs=[
                _("Sie bekommen die Neuigkeiten von „%s“ schon.") % what,
                _("Gerade gab es vielleicht nichts Neues. Sobald es etwas gibt, schreiben wir Ihnen."),
            ],
            button=_("Neuigkeiten abbestellen"),
            url=end_url(subscription),
        )  # fmt: skip


def write_news(subscription: Subscription, entries: list[dict[str, Any]], more: int) -> Message:
    """Write the news, the latest first; ``more`` is how many others are on the site."""
    with translation.override(subscription.language):
        if subscription.solution_team is not None:
            subject = _("Neues von %s") % subscription.solution_team.name
        else:
            subject = _("%s: Neues aus dem Quartier") % connection.tenant.name
        linked = [
            entry | {"url": on_district("solutions:team", entry["team_slug"])} for entry in entries
        ]
        return write(
            "following/mail/news",
            kind=NEWS,
            to=subscription.email,
            subject=subject,
            about=subscription,
            unsubscribe_url=end_url(subscription),
            entries=linked,
            more=more,
            news_url=on_district("pages:news"),
            what=_what(subscription),
            only_of=subscription.solution_team,
            end_url=end_url(subscription),
        )


def forget(subscription: Subscription) -> int:
    """Delete all mails of a subscription, sent or not."""
    return mail.forget(Message.objects.about(subscription))


def forget_before(moment: datetime) -> int:
    """Delete mails sent before a moment, and those whose subscription is gone."""
    ours = Message.objects.filter(about_type=Subscription._meta.label_lower)
    gone = ~Q(about_id__in=Subscription.objects.values("pk"))
    return mail.forget(ours.filter(Q(sent_at__lt=moment) | gone))
