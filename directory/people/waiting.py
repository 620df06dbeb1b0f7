"""Open tasks about people and teams."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.people.consents import Consent
from wiq.admin.waiting import Asked, Task, change_url, list_url, pile_of, waits


@waits(place=130, permission="people.view_consent")
def missing_consents(request: HttpRequest) -> Asked:
    """People whom nobody has asked for consent yet."""
    asking = Consent.objects.to_be_asked_for().order_by("pk")
    url = list_url("people_consent", "?zu-tun=einholen")
    return pile_of(
        _("Einwilligungen einholen"), asking, _task, fields=("scope", "person__name"), url=url,
        act=_("Eintragen"),
    )  # fmt: skip


def _task(consent: Consent) -> Task:
    url = change_url("people_consent", consent.pk)
    return Task(consent.person.name, str(consent.get_scope_display()), url)
