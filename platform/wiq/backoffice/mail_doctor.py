"""The mail doctor: a district's own sender at its desk, all senders at the console."""

from typing import Any

import dns.exception
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_tenants.utils import get_tenant_model
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminTextInputWidget

from wiq.accounts.models import User
from wiq.admin.base import account
from wiq.admin.sites import district_site, platform_site
from wiq.backoffice.advice import findings, rules_of_providers
from wiq.mail import probe
from wiq.reputation import services as reputation
from wiq.senders import facts, services
from wiq.senders.models import Sender
from wiq.tenancy import current_district_id

TITLE = gettext_lazy("Kommen unsere E-Mails an?")


class SenderForm(forms.Form):
    """The address to write from, and the name of the relay's key."""

    address = forms.EmailField(
        label=gettext_lazy("Ihre Absenderadresse"),
        widget=UnfoldAdminEmailInputWidget,
        help_text=gettext_lazy(
            "Zum Beispiel post@ihr-quartier.de. Das Postfach muss jemand lesen."
        ),
    )
    selector = forms.RegexField(
        r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?\Z",
        label=gettext_lazy("DKIM-Selektor"),
        initial="wiq",
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Das Wort nennt Ihnen, wer den Mailserver der Plattform betreibt."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def at_desk(request: HttpRequest) -> HttpResponse:
    """Show the district's sender and what the DNS says; choose, check, try, or give it up."""
    _only_with(request, "accounts.add_invitation")
    sender = services.chosen()
    initial = {"address": sender.address, "selector": sender.selector} if sender else None
    form = SenderForm(request.POST if _pressed(request) == "waehlen" else None, initial=initial)
    if request.method == "POST":
        try:
            if _done_at_desk(request, sender, form):
                return HttpResponseRedirect(reverse("mail_doctor"))
        except ValidationError as error:
            form.is_valid()
            messages.error(request, " · ".join(error.messages))
    context = district_site.each_context(request) | _about(sender) | {"title": TITLE, "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "backoffice/mail_doctor.html", context, status=status)


def _done_at_desk(request: HttpRequest, sender: Sender | None, form: SenderForm) -> bool:
    """Do what was pressed; tell whether the page is to be opened anew. Raises ValidationError."""
    who, pressed = account(request), _pressed(request)
    if pressed == "test":
        _send_test(request)
    elif pressed == "waehlen":
        if not form.is_valid():
            return False
        data = form.cleaned_data
        made = services.choose(data["address"], data["selector"], actor=who)
        _told(request, services.check(made, actor=who))
    elif pressed == "pruefen" and sender is not None:
        _told(request, services.check(sender, actor=who))
    elif pressed == "aufgeben" and sender is not None:
        services.drop(sender, actor=who)
        messages.success(request, _("E-Mails gehen wieder unter der Adresse der Plattform hinaus."))
    return True


def _told(request: HttpRequest, sender: Sender) -> None:
    if sender.is_usable:
        messages.success(request, _("E-Mails gehen jetzt unter %s hinaus.") % sender.address)
    else:
        messages.warning(request, _("Noch nicht: Bitte sehen Sie unten, was fehlt."))


def _about(sender: Sender | None) -> dict[str, Any]:
    figures = reputation.figures().get(current_district_id(), reputation.Figures())
    listed = []
    if sender is not None:
        proof = (facts.proof_name(sender.domain), services.proof_text(sender))
        listed = findings(
            facts.Facts(**sender.facts), domain=sender.domain, reply_domain=sender.reply_domain,
            selector=sender.selector, proof=proof,
        )  # fmt: skip
    return {"sender": sender, "findings": listed, "rules": rules_of_providers(figures)}


@require_http_methods(["GET", "HEAD", "POST"])
def at_console(request: HttpRequest) -> HttpResponse:
    """Show what the DNS says of the platform's sender now, and how districts' senders stand."""
    _only_with(request, "mail.view_refusedaddress")
    if request.method == "POST":
        _send_test(request)
        return HttpResponseRedirect(reverse("platform_mail_doctor"))
    listed = []
    try:
        found = facts.of_platform()
        domain, replies = facts.platform_domain(), settings.WIQ_REPLY_DOMAIN
        listed = findings(found, domain=domain, reply_domain=replies, selector="", proof=None)
    except dns.exception.DNSException:
        messages.error(request, _("Das DNS hat nicht geantwortet. Bitte später noch einmal."))
    names = dict(get_tenant_model().objects.values_list("pk", "name"))
    figures = reputation.figures().get(None, reputation.Figures())
    context = platform_site.each_context(request) | {
        "title": TITLE,
        "findings": listed,
        "rules": rules_of_providers(figures),
        "senders": [(names.get(one.district_id, "–"), one) for one in Sender.objects.all()],
    }
    return TemplateResponse(request, "backoffice/mail_doctor.html", context)


def _send_test(request: HttpRequest) -> None:
    """Mail the user, who then looks where it arrived."""
    user = account(request)
    assert isinstance(user, User)
    probe.write(user.email, about=user)
    messages.success(request, _("Eine Probe ist unterwegs an %s. Bitte sehen Sie auch im Spam-Ordner nach.") % user.email)  # fmt: skip


def _pressed(request: HttpRequest) -> str:
    return str(request.POST.get("was", ""))


def _only_with(request: HttpRequest, permission: str) -> None:
    user: Any = request.user
    if not user.has_perm(permission):
        raise PermissionDenied
