"""What came by mail and waits, and the files that came along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from directory.conversations import pen
from directory.conversations.models import Attachment, Conversation, HeldMail
from directory.desk.frame import desk_page, show
from directory.desk.inbox import SEES
from tenants.districts.requests import DistrictRequest
from wiq.inbound import mailboxes
from wiq.paging import Pages
from wiq.web.content_policy import replace

A_PAGE = 20


@require_safe
@desk_page(permission=SEES)
def held(request: DistrictRequest) -> HttpResponse:
    """Show all mails that joined nothing, oldest first."""
    pages = Pages(HeldMail.objects.filter(done_at=None).order_by("at", "pk"), A_PAGE)
    page = pages.get_page(request.GET.get("seite"))
    chosen = HeldMail.objects.filter(pk__in=[mail.pk for mail in page.object_list])
    context = {
        "nav": "inbox",
        "held": pen.waiting(chosen),
        "page": page,
        "replies_come_here": mailboxes.is_open(),
    }
    return show(request, "desk/held.html", context)


@require_safe
@desk_page(permission=SEES)
def attachment(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Hand out a file for saving. No browser shows it or runs it, whatever it is."""
    conversation = Conversation.objects.filter(reference=reference).first()
    if conversation is None:
        raise Http404
    file = Attachment.objects.of(conversation).filter(pk=number).first()
    if file is None or file.content is None:
        raise Http404
    response = HttpResponse(bytes(file.content), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    replace(response, {"default-src": ["'none'"], "sandbox": [True]})
    return response
