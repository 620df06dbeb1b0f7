"""What the project team does with a district: each a button of its page, each one service."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from tenants.console import alarms
from tenants.console.forms import (
    ClaimForm,
    InviteForm,
    PutOffForm,
    RemoveForm,
    StateForm,
    VisitForm,
)
from tenants.console.models import Alarm
from tenants.districts import domains, moves
from tenants.districts.models import District, Domain, State
from tenants.lifecycle import ending
from tenants.provisioning import coordinators
from tenants.visits import support
from wiq.admin.acts import Act, Group
from wiq.audit import names

Typed = Mapping[str, Any]
VERBS = {
    State.PUBLISHED: gettext_lazy("Veröffentlichen"),
    State.HIDDEN: gettext_lazy("Verbergen"),
    State.SUSPENDED: gettext_lazy("Sperren"),
    State.ARCHIVED: gettext_lazy("Archivieren"),
}


def of_alarms(district: District) -> list[Group]:
    """Return what can be done about each open alarm of a district."""
    return [_of_alarm(alarm) for alarm in Alarm.objects.open().filter(district=district)]


def _of_alarm(alarm: Alarm) -> Group:
    def take(district: District, typed: Typed, actor: Model) -> Any:
        alarms.take(alarm, actor=actor)
        return _("Sie kümmern sich darum. Das sehen jetzt alle im Projektteam.")

    def give_back(district: District, typed: Typed, actor: Model) -> Any:
        alarms.give_back(alarm, actor=actor)
        return _("Der Hinweis ist wieder frei.")

    def put_off(district: District, typed: Typed, actor: Model) -> Any:
        held = alarms.put_off(alarm, typed["until"], actor=actor)
        return gettext("Zurückgestellt bis %s. Dann steht der Hinweis wieder auf der ersten Seite.") % (
            _day(held.put_off_until)
        )  # fmt: skip

    first = (
        Act("give_back", _("Hinweis freigeben"), give_back)
        if alarm.taken_by
        else Act("take", _("Ich kümmere mich"), take, look="primary")
    )
    title = format_html("{}: {}", _("Hinweis"), alarm.get_kind_display())
    acts = [first, Act("put_off", _("Zurückstellen"), put_off, "until")]
    return Group(f"alarm-{alarm.pk}", title, acts, PutOffForm, _about_alarm(alarm))


def _about_alarm(alarm: Alarm) -> str:
    said = [gettext("Seit %s.") % _day(localtime(alarm.since))]
    if alarm.taken_by:
        who = names.of_accounts([alarm.taken_by]).account(alarm.taken_by)
        said.append(gettext("%s kümmert sich darum.") % who)
    if alarm.put_off_until:
        said.append(gettext("Zurückgestellt bis %s.") % _day(alarm.put_off_until))
    return " ".join(said)


def _day(day: Any) -> str:
    return str(date_format(day))


def of_state(district: District) -> Group:
    """Return the moves from a district's state, each a button."""
    acts = [Act(f"to_{state}", VERBS[state], _mover(state), look=_look(state))
            for state in moves.MOVES.get(district.state, ())]  # fmt: skip
    if district.state in moves.LEFT_AGAIN:
        acts.insert(0, Act("restore", _restore_label(district), _restore, look="primary"))
    about = gettext("Jetzt: %(state)s, seit %(day)s.") % {
        "state": district.get_state_display(),
        "day": _day(localtime(district.state_since)),
    }
    return Group("state", _("Zustand"), acts, StateForm, about, seen=("state",))


def _look(state: State) -> str:
    return {State.PUBLISHED: "primary", State.SUSPENDED: "danger"}.get(state, "default")


def _restore_label(district: District) -> str:
    return gettext("Zurück zu „%s“") % State(moves.state_before(district)).label


def _restore(district: District, typed: Typed, actor: Model) -> Any:
    moved = moves.restore(district, actor=actor, reason=typed["reason"])
    return gettext("Der Zustand ist wieder „%s“.") % moved.get_state_display()


def _mover(state: State) -> Callable[[District, Typed, Model], Any]:
    def move(district: District, typed: Typed, actor: Model) -> Any:
        moved = moves.move(district, state, actor=actor, reason=typed["reason"])
        return gettext("Der Zustand ist jetzt „%s“.") % moved.get_state_display()

    return move


def of_coordination(district: District, reader: Model) -> Group:
    """Return the invitation of another coordinator, below those who are there."""
    context = {
        "rows": coordinators.overview(district, reader=reader),
        "is_behind": district.is_behind,
    }
    about = SafeString(render_to_string("console/_coordination.html", context))
    acts = [Act("invite", _("Zur Koordination einladen"), _invite, "email")]
    return Group("coordination", _("Koordination"), acts, InviteForm, about)


def _invite(district: District, typed: Typed, actor: Model) -> Any:
    coordinators.invite(district, typed["email"], actor=actor)
    return gettext("Die Einladung an %s ist unterwegs.") % typed["email"]


def of_domains(district: District) -> list[Group]:
    """Return what can be done with each address of a district, and the claim of a new one."""
    rows = [_of_domain(domain) for domain in district.domains.order_by("pk")]
    claim = Act("claim", _("Domain anmelden"), _claim, "host")
    return [*rows, Group("claim", _("Eigene Domain"), [claim], ClaimForm)]


def _claim(district: District, typed: Typed, actor: Model) -> Any:
    domain = domains.claim(district, typed["host"], actor=actor)
    return gettext(
        "%s ist angemeldet. Der Eintrag, der sie im DNS bestätigt, steht jetzt bei ihr."
    ) % (domain.domain)


def _of_domain(domain: Domain) -> Group:
    def verify(district: District, typed: Typed, actor: Model) -> Any:
        domains.verify(domain, actor=actor)
        return gettext("Gefunden: %(name)s hat den richtigen Eintrag. Das Quartier antwortet jetzt auch unter %(domain)s.") % {
            "name": domains.record_name(domain), "domain": domain.domain,
        }  # fmt: skip

    def make_primary(district: District, typed: Typed, actor: Model) -> Any:
        domains.make_primary(domain, actor=actor)
        return gettext("%s ist jetzt die Hauptadresse. Alle anderen leiten dorthin.") % (
            domain.domain
        )

    def drop(district: District, typed: Typed, actor: Model) -> Any:
        domains.drop(domain, actor=actor)
        return gettext("%s ist aufgegeben. Das Quartier antwortet dort nicht mehr.") % (
            domain.domain
        )

    is_ours = domain.domain.endswith(f".{settings.WIQ_DOMAIN}")
    acts = []
    if not is_ours:
        acts.append(Act("verify", _("Im DNS nachsehen"), verify))
    if domain.verified_at is not None and not domain.is_primary:
        acts.append(Act("primary", _("Zur Hauptadresse machen"), make_primary))
    if not is_ours and not domain.is_primary:
        acts.append(Act("drop", _("Aufgeben"), drop, look="danger"))
    title = format_html("{}: {}", _("Adresse"), domain.domain)
    return Group(f"domain-{domain.pk}", title, acts, about=_about_domain(domain, is_ours))


def _about_domain(domain: Domain, is_ours: bool) -> SafeString:
    what = _("Die Hauptadresse.") if domain.is_primary else _("Eine weitere Adresse.")
    if is_ours:
        return format_html("<p>{}</p>", what)
    if domain.verified_at is None:
        proof = gettext("Noch nicht bestätigt: Das Quartier antwortet dort noch nicht.")
    else:
        proof = gettext("Bestätigt am %s.") % _day(localtime(domain.verified_at))
    return format_html(
        "<p>{} {}</p><p>{} <code>{}</code> TXT <code>{}</code></p>", what, proof,
        _("Eintrag im DNS:"), domains.record_name(domain), domains.record_text(domain),
    )  # fmt: skip


def of_visit() -> Group:
    """Return the visit."""
    acts = [Act("visit", _("Besuch beginnen"), _visit, "reason")]
    return Group("visit", _("Besuch"), acts, VisitForm)


def _visit(district: District, typed: Typed, actor: Model) -> Any:
    link = support.open_visit(
        district, reason=typed["reason"], minutes=typed["minutes"], actor=actor
    )
    return HttpResponseRedirect(link)


def of_end(district: District) -> Group:
    """Return the announcement of a removal, or its end."""
    if district.delete_after is None:
        announce = Act("remove", _("Entfernen ankündigen"), _remove, "host", look="danger")
        return Group("end", _("Entfernen"), [announce], RemoveForm)
    about = gettext("Das Quartier wird am %s mit allem entfernt.") % (
        _day(localtime(district.delete_after))
    )
    return Group("end", _("Entfernen"), [Act("call_off", _("Doch nicht entfernen"), _call_off)],
                 about=about)  # fmt: skip


def _remove(district: District, typed: Typed, actor: Model) -> Any:
    held = ending.announce_removal(district, typed_host=typed["host"], actor=actor)
    assert held.delete_after is not None
    return gettext("Das Quartier ist archiviert und wird am %s entfernt. Die Koordination bekommt eine E-Mail.") % (
        _day(localtime(held.delete_after))
    )  # fmt: skip


def _call_off(district: District, typed: Typed, actor: Model) -> Any:
    ending.call_off_removal(district, actor=actor)
    return _("Das Quartier wird nicht entfernt. Es bleibt archiviert, bis Sie den Zustand ändern.")
