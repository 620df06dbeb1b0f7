"""The default recipients of what residents send."""

from django.db import models

from directory.people.models import Team
from wiq.accounts.models import User
from wiq.accounts.roles import Role


def support_or_coordinators() -> list[str]:
    """Return the support team's address, or the coordinators' if it has none."""
    support = Team.objects.published().support().exclude(contact_email="").first()
    if support is not None:
        return [support.contact_email]
    coordinators: models.QuerySet[User] = User.objects.with_role(Role.COORDINATOR)
    return list(coordinators.order_by("pk").values_list("email", flat=True))
