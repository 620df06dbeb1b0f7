"""The two pages of every submission: its form and its status page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from wiq.editing.refusals import told_in
from wiq.submissions import deliveries, proof, typos
from wiq.submissions.forms import SubmissionForm
from wiq.submissions.models import Origin, Submission
from wiq.submissions.services import Sent, showing
from wiq.throttling import network, seconds_to_wait

Form = TypeVar("Form", bound=SubmissionForm)


def see_other(url: str) -> HttpResponse:
    """Redirect after a post (303, RFC 9110, 15.4.4)."""
    return HttpResponseRedirect(url, status=303)


def form_page(
    request: HttpRequest,
    template: str,
    form: Form,
    accept: Callable[[Form, Sent], HttpResponse],
    **context: Any,
) -> HttpResponse:
    """Show a form, or keep a valid one: ``accept`` returns where to go next.

    Too many posts from one address get 429, a form with errors 422, one that needs a proof of work
    as well; all keep the typed values.
    """
    if request.method != "POST":
        form.fields["once"].initial = showing(network(request))
        return render(request, template, {"form": form, **context})
    again = show_again(request, template, form, **context)
    if again is not None:
        return again
    proven = proof.of_post(request)
    if proven is proof.Proof.ASK:
        page = {"form": form, "proof": proof.task(), **context}
        return render(request, template, page, status=422)
    sent = Sent(
        Origin.FORM,
        network=network(request),
        showing=form.cleaned_data["once"],
        is_suspicious=form.is_suspicious or proven is proof.Proof.MISSING,
    )
    with told_in(form):
        return accept(form, sent)
    # A service has refused it, for instance because what was chosen has vanished meanwhile.
    return render(request, template, {"form": form, **context}, status=422)


def show_again(
    request: HttpRequest, template: str, form: SubmissionForm, **context: Any
) -> HttpResponse | None:
    """Count a posted form; return the response that refuses it or asks about it, or None."""
    wait = seconds_to_wait(request)
    if wait is not None:
        form.errors.clear()
        page = {"form": form, "wait": wait, **context}
        return told_to_wait(render(request, template, page, status=429), wait)
    if not form.is_valid():
        return render(request, template, {"form": form, **context}, status=422)
    email = form.cleaned_data.get("email") or ""
    meant = typos.meant(email)
    if not meant or request.POST.get("asked_about") == email:
        return None
    # A question and no error: the same once more is sent as it is.
    return render(request, template, {"form": form, "meant": meant, **context}, status=422)


def told_to_wait(response: HttpResponse, seconds: int) -> HttpResponse:
    """Return the response with the time to wait before posting again (RFC 9110, 10.2.3)."""
    response["Retry-After"] = str(seconds)
    return response


@dataclass(frozen=True)
class Act:
    """An action for the sender: ``do`` gets the typed text, ``word`` tells the page it is done."""

    do: Callable[[Any, str], object]
    word: str


def status_page(
    request: HttpRequest,
    template: str,
    submission: Submission,
    context: Mapping[str, Any],
    *,
    url: str = "",
    acts: Mapping[str, Act] | None = None,
) -> HttpResponse:
    """Show a submission's status and run its sender's actions: ``acts`` by the button's value.

    The typed text stays if an action is refused (422) or comes too often (429).
    """
    shown = {
        "steps": submission.steps.all(),
        "submission": submission,
        "to_team": deliveries.to_team(submission),
        "to_sender": deliveries.to_sender(submission),
        "answered": "geantwortet" in request.GET,
        **context,
    }
    if request.method != "POST" or acts is None:
        return render(request, template, shown)
    typed = request.POST.get("antwort", "")
    wait = seconds_to_wait(request)
    if wait is not None:
        page = render(request, template, {**shown, "typed": typed, "wait": wait}, status=429)
        return told_to_wait(page, wait)
    act = acts.get(request.POST.get("was", ""), acts[""])
    try:
        act.do(submission, typed)
    except ValidationError as error:
        again = {**shown, "typed": typed, "error": error.messages[0]}
        return render(request, template, again, status=422)
    return see_other(f"{url}?{act.word}=1")


NO_MAIL = "?mail=keine"


def says_no_mail(request: HttpRequest) -> bool:
    """Tell whether a form led here although the address had got enough mails today."""
    return request.GET.get("mail") == "keine"
