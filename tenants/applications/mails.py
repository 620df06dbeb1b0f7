"""The mails about an application: to the applicant, and to the project team."""

from django.utils import translation
from django.utils.translation import gettext as _

from tenants.applications.models import Application, ApplicationState
from tenants.provisioning.mails import project_team
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.mail.writing import write_letter
from wiq.outbox.budget import Budget
from wiq.web.hosts import on_platform

CONFIRM = "application.confirm"


def status_url(application: Application) -> str:
    """Return the address of the applicant's status page."""
    with translation.override(application.language):
        return on_platform("applications:status", application.token)


def is_withheld(application: Application) -> bool:
    """Tell whether the mail that confirms the address was not sent: it had got enough."""
    written = Message.objects.about(application).filter(kind=CONFIRM)
    return bool(written) and all(map(mail.is_withheld, written))


def write_confirmation(application: Application) -> None:
    """Ask the applicant to prove the address with the link in this mail.

    The mail holds nothing that was typed, because the typed address may be another person's.
    """
    with translation.override(application.language):
        write_letter(
            kind=CONFIRM,
            to=application.email,
            budget=Budget.CONFIRMATION,
            subject=_("Bitte bestätigen Sie Ihre E-Mail-Adresse (%s)") % application.reference,
            about=application,
            paragraphs=[
                _("jemand hat mit dieser E-Mail-Adresse ein Quartier bei „Wir im Quartier“ angemeldet. Wenn Sie das waren: Bitte öffnen Sie den Link und drücken Sie dort auf den Knopf."),
                _("Erst dann liest das Projektteam Ihre Anmeldung."),
            ],
            button=_("Adresse bestätigen"),
            url=status_url(application),
            small=[_("Sie haben kein Quartier angemeldet? Dann müssen Sie nichts tun. Nach einer Woche ist alles gelöscht.")],
        )  # fmt: skip


def write_to_project_team(application: Application, occasion: str, *, note: str = "") -> None:
    """Tell the project team that an application came (``new``) or was answered (``reply``)."""
    with translation.override("de"):
        subjects = {
            "new": _("Neue Anmeldung: %(name)s, %(city)s"),
            "reply": _("Antwort zur Anmeldung: %(name)s, %(city)s"),
        }
        subject = subjects[occasion] % {
            "name": application.district_name,
            "city": application.city,
        }
        words = {
            "new": _("%(who)s möchte „Wir im Quartier“ in ein Quartier holen: %(name)s, %(city)s."),
            "reply": _("%(who)s hat geantwortet. Es geht um das Quartier: %(name)s, %(city)s."),
        }
        for address in project_team():
            write_letter(
                kind=f"application.{occasion}",
                to=address,
                subject=subject,
                about=application,
                reply_to=application.email,
                paragraphs=[
                    words[occasion]
                    % {
                        "who": application.organisation or application.name,
                        "name": application.district_name,
                        "city": application.city,
                    },
                ],
                quote=note or application.motivation,
                button=_("In der Konsole ansehen und entscheiden"),
                url=on_platform("plattform:applications_application_change", application.pk),
            )  # fmt: skip


def write_to_applicant(application: Application, *, note: str = "") -> None:
    """Tell the applicant what is new: a question, or the decision with its reason."""
    with translation.override(application.language):
        words = {
            ApplicationState.ASKED_BACK: _("wir haben eine Frage zu Ihrer Anmeldung. Bitte antworten Sie auf der Seite hinter dem Link."),
            ApplicationState.APPROVED: _("schön, dass Sie dabei sind! Wir richten Ihr Quartier gerade ein. In ein paar Minuten bekommen Sie eine zweite E-Mail: die Einladung für Ihr Konto."),
            ApplicationState.DECLINED: _("leider können wir Ihr Quartier im Moment nicht aufnehmen. Sie lesen den Grund hier."),
        }  # fmt: skip
        state = ApplicationState(application.state)
        subject = _("Neues zu Ihrer Anmeldung %s")
        if state == ApplicationState.ASKED_BACK:
            subject = _("Wir haben eine Frage zu Ihrer Anmeldung %s")
        write_letter(
            kind=f"application.{state}",
            to=application.email,
            subject=subject % application.reference,
            about=application,
            paragraphs=[words[state]]
            if state in words
            else [_("es gibt Neues zu Ihrer Anmeldung.")],
            quote=note,
            button=_("Antworten") if state == ApplicationState.ASKED_BACK else _("Ansehen"),
            url=status_url(application),
        )
