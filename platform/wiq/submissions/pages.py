"""What the pages of every form for residents do: count, keep what was typed, lead on."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from wiq.submissions.throttling import seconds_to_wait


def see_other(url: str) -> HttpResponse:
    """Lead to another page after a post (303, RFC 9110, 15.4.4)."""
    return HttpResponseRedirect(url, status=303)


def show_again(
    request: HttpRequest, template: str, form: forms.Form, **context: Any
) -> HttpResponse | None:
    """Count a posted form and return the answer where it can't be accepted; else None.

    One post too many from the same address gets 429, a form with mistakes 422; both with
    everything that was typed.
    """
    wait = seconds_to_wait(request)
    if wait is not None:
        form.errors.clear()
        page = {"form": form, "wait": wait, **context}
        response = render(request, template, page, status=429)
        response["Retry-After"] = str(wait)
        return response
    if form.is_valid():
        return None
    return render(request, template, {"form": form, **context}, status=422)


def date_format() -> str:
    """Return how a moment is written in the current language."""
    return "j F Y, H:i" if get_language() == "en" else "j. F Y, H:i"
