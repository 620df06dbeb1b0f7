"""The icon in the browser's tab, in the district's colour."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wiq.web.colours import mix, parse, text
from wiq.web.context import PLATFORM_COLOUR

_WHITE = (255, 255, 255)


@require_safe
def symbol(request: HttpRequest) -> HttpResponse:
    """Draw three circles that overlap."""
    colour = getattr(getattr(request, "tenant", None), "colour", PLATFORM_COLOUR)
    light = text(mix(parse(colour), _WHITE, 0.55))
    dark = text(mix(parse(colour), (0, 0, 0), 0.65))
    response = HttpResponse(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<circle cx="11" cy="11" r="9" fill="{colour}"/>'
        f'<circle cx="23" cy="14" r="6.5" fill="{light}"/>'
        f'<circle cx="14" cy="25" r="6" fill="{dark}"/></svg>',
        content_type="image/svg+xml",
    )
    # Pages put the colour into its address, so browsers fetch a new one at once.
    response["Cache-Control"] = "public, max-age=86400"
    return response
