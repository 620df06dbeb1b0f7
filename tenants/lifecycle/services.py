"""What a district needs every night."""

from directory.contact import services as contact
from directory.following import services as following
from directory.ideas import services as ideas
from directory.solutions import services as solutions
from tenants.districts.models import State
from tenants.visits import support
from wiq.tenancy import connection


def tend() -> dict[str, int]:
    """Look after the current district; return how much of what there was to do.

    Every part may run again: what is done is not due any more. A district that is not public
    keeps its promises about forgetting, but mails nobody.
    """
    district = connection.tenant
    months = district.retention_months
    asked = solutions.ask_all_due() if district.state == State.PUBLISHED else 0
    return {
        "requests_forgotten": contact.anonymise_due(months),
        "ideas_forgotten": ideas.anonymise_due(months),
        "subscriptions_forgotten": following.forget_unconfirmed(),
        "subscription_mails_forgotten": following.forget_old_mails(),
        "teams_asked": asked,
        "visits_ended": support.end_all_over(),
    }
