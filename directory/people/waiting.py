"""Open tasks about people and teams."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.people.consents import Consent
from wiq.admin.waiting import SHOWN, Pile, Task, change_url, list_url, waits


@waits(place=130, permission="people.view_consent")
def missing_consents(request: HttpRequest) -> Pile:
    """People whom nobody has asked for consent yet."""
    asking = Consent.objects.to_be_asked_for().select_related("person")
    tasks = [
        Task(
            consent.person.name,
            consent.get_scope_display(),
            change_url("people_consent", consent.pk),
        )
        for consent in asking[:SHOWN]
    ]
    url = list_url("people_consent", "?zu-tun=einholen")
    return Pile(_("Einwilligungen einholen"), asking.count(), url, tasks)
