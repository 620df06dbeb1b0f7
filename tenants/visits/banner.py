"""The notice on every page of the desk while the project team visits."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from wiq.accounts.models import User


def banner(request: HttpRequest) -> list[str] | None:
    """Return the notice for the current visit, or None (unfold's ENVIRONMENT)."""
    ends = User.objects.filter(expires_at__gt=timezone.now(), handover="").order_by("-expires_at")
    guest = ends.first()
    if guest is None or guest.expires_at is None:
        return None
    until = timezone.localtime(guest.expires_at)
    words = _("Besuch: %(who)s, bis %(until)s Uhr. Grund: %(reason)s")
    said = words % {"who": guest.name, "until": f"{until:%H:%M}", "reason": guest.reason}
    return [said, "warning"]
