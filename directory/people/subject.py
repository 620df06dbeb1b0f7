"""Teams that have an address as their contact."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.people import services
from directory.people.consents import Consent
from directory.people.models import Person, Team
from wiq.audit import services as audit
from wiq.erasures.repeats import Repeat, numbers_of, repeats
from wiq.mail_addresses import is_at
from wiq.subjects import HandedOut, Source, sources


def collect(email: str) -> list[Any]:
    """Return the teams with this contact address."""
    found = Team.objects.filter(is_at("contact_email", email))
    return [HandedOut(team, {"slug": team.slug, "name": team.name}, {}) for team in found]


sources.register(
    Source(
        150,
        "contact_of_teams",
        _("Kontakt von Teams"),
        ("people.team",),
        collect,
        kept_because="a team without its contact would lose what is sent to it: the desk changes it",
    )
)


def withdraw_again(number: str) -> None:
    """Withdraw a consent that a restored backup shows as given."""
    services.withdraw_consent(Consent.objects.get(pk=number), actor=audit.SYSTEM)


def remove_again(number: str) -> None:
    """Remove a person whom a restored backup brought back."""
    services.remove(Person.objects.get(pk=number), actor=audit.SYSTEM)


# A person takes their consents along, so those come first.
repeats.register(
    Repeat(
        "consent",
        lambda: numbers_of(Consent.objects.filter(withdrawn_on__isnull=True)),
        withdraw_again,
    )
)
repeats.register(Repeat("person", lambda: numbers_of(Person.objects.all()), remove_again))
