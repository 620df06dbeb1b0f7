"""The notice on every page of the desk while the project team visits."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from wiq.accounts.models import User


def banner(request: HttpRequest) -> list[str] | None:
    """Return notice, address and label of the button for the current visit, or None.

    Unfold calls it for its ENVIRONMENT; our own ``unfold/helpers/header.html`` shows it.
    """
    guest = User.objects.visiting().first()
    if guest is None or guest.expires_at is None:
        return None
    until = timezone.localtime(guest.expires_at)
    words = _("Besuch: %(who)s, bis %(until)s. Grund: %(reason)s")
    said = words % {
        "who": guest.name,
        "until": time_format(until, "TIME_FORMAT"),
        "reason": guest.reason,
    }
    return [said, reverse("end_visit"), _("Besuch beenden")]
