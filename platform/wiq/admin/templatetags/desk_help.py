"""The help of the page that is shown, for the frames of the desk."""

from django import template
from django.template import Context

from wiq.admin.helping import Help, help_for
from wiq.tenancy import PUBLIC, connection

register = template.Library()


@register.simple_tag(takes_context=True)
def help_here(context: Context) -> Help | None:
    """Return the help of the current page of a district's desk; None at the console."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or connection.schema_name == PUBLIC:
        return None
    return help_for(match.url_name or "")
