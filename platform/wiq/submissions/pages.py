"""What the pages of every form for residents do: count, keep what was typed, lead on."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language

from wiq.throttling import seconds_to_wait


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
        return told_to_wait(render(request, template, page, status=429), wait)
    if form.is_valid():
        return None
    return render(request, template, {"form": form, **context}, status=422)


def told_to_wait(response: HttpResponse, seconds: int) -> HttpResponse:
    """Return an answer with the time after which to post again (RFC 9110, 10.2.3)."""
    response["Retry-After"] = str(seconds)
    return response


def date_format() -> str:
    """Return how a moment is written in the current language."""
    return "j F Y, H:i" if get_language() == "en" else "j. F Y, H:i"
