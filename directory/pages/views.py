"""The start page of a district."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from directory.people.models import Team


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what WiQ is here, whom to write to or call, and which teams there are."""
    district = request.tenant  # type: ignore[attr-defined]
    english = get_language() == "en" and district.intro_en
    context = {
        "intro": district.intro_en if english else district.intro,
        "intro_language": "en" if english else "de",
        "teams": Team.objects.published(),
    }
    return render(request, "pages/start.html", context)
