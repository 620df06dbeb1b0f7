"""The guide: from an empty district to a published one, step by step.

It reads from the data which steps are done. So it can be interrupted, and it also sees what was
done elsewhere or by somebody else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import schema_context

from directory.contact import mailboxes
from directory.desk import appearance
from directory.desk import forms as guide_forms
from directory.ideas.services import free_slug
from directory.pages import legal
from directory.people import services as people
from directory.people.choices import SeatState, TeamKind
from directory.people.dates import today
from directory.people.models import Seat, Team
from directory.solutions import services as solutions
from directory.solutions.choices import TeamState
from directory.solutions.models import SolutionTeam
from tenants.districts import preview
from tenants.districts import services as districts
from tenants.districts.models import District, Operator, State
from tenants.districts.moves import gaps
from wiq.accounts import invitations
from wiq.accounts.models import Invitation
from wiq.accounts.roles import Role
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC

Forms = dict[str, forms.BaseForm]


@dataclass(frozen=True)
class Step:
    """One step: its title, two plain sentences, whether it is done, its forms."""

    key: str
    title: Any
    text: Any
    is_done: Callable[[District], bool]
    # The arguments after the district are the posted fields and files.
    forms: Callable[[District, Any, Any], Forms]
    save: Callable[[District, str, Any, Actor], None]
    # One button saves all of its forms, in one transaction. Not where a service keeps something
    # even if it refuses: a wrong code is counted.
    saves_together: bool = False


def fresh(district: District) -> District:
    """Return the district's current row: the request's may be half a minute old."""
    # A district reads its own row and its Träger itself, without a change of schemas.
    found: District = District.objects.select_related("operator").get(pk=district.pk)
    found.remember_host(district.host)
    return found


def _update(district: District, actor: Actor, **changes: Any) -> None:
    """Change the district's row, and record it in both logs."""
    if not changes:
        return
    who = audit.for_platform(actor)
    with schema_context(PUBLIC):
        districts.update(district, actor=who, **changes)
    audit.record_change("district.updated", None, actor=actor, details={"fields": sorted(changes)})


# -- Träger and legal texts


def is_shared(operator: Operator | None, district: District) -> bool:
    """Tell whether only the project team changes what is known of the Träger.

    The coordination adds what is not, but nothing to the one that runs the platform.
    """
    with schema_context(PUBLIC):
        return districts.is_shared(operator, district)


def _operator_forms(district: District, data: Any, files: Any = None) -> Forms:
    found: Forms = {}
    operator = district.operator
    if operator is None:
        found["operator"] = guide_forms.OperatorForm(
            data, prefix="operator", empty_permitted=True, use_required_attribute=False
        )
    elif operator.runs_platform:
        pass  # written at the console alone
    elif not is_shared(operator, district):
        found["operator"] = guide_forms.OperatorForm(data, instance=operator, prefix="operator")
    elif lacks := legal.unanswered(operator):
        form = guide_forms.operator_gaps(lacks)
        found["operator"] = form(data, instance=operator, prefix="operator")
    found["legal"] = guide_forms.LegalForm(data, instance=district, prefix="legal")
    return found


def _save_operator(district: District, which: str, form: Any, actor: Actor) -> None:
    if which == "legal":
        _update(district, actor, **form.changes())
        return
    if not form.has_changed():
        return
    who = audit.for_platform(actor)
    shared = is_shared(district.operator, district)
    with schema_context(PUBLIC), transaction.atomic():
        if shared:
            districts.complete_operator(form.instance, actor=who, **form.changes())
        else:
            districts.save_own_operator(form.instance, district=district, actor=who)
    audit.record_change("operator.saved", None, actor=actor)


def _asks_nothing(step: str) -> Callable[[District], bool]:
    return lambda district: not [gap for gap in gaps(district) if gap.step == step]


# -- name and colours


def _look_forms(district: District, data: Any, files: Any = None) -> Forms:
    return {
        "look": guide_forms.LookForm(data, instance=district, prefix="look"),
        "pictures": guide_forms.PicturesForm(data, files, instance=district, prefix="pictures"),
    }


def _save_look(district: District, which: str, form: Any, actor: Actor) -> None:
    if which == "look":
        _update(district, actor, **form.changes())
    elif form.has_changed():
        appearance.save_pictures(district, actor=actor, **form.cleaned_data)


# -- the mailbox


def _mailbox_forms(district: District, data: Any, files: Any = None) -> Forms:
    team = Team.objects.support().first()
    initial = {"email": team.contact_email if team else ""}
    found: Forms = {}
    if mailboxes.unproven():
        found["code"] = guide_forms.CodeForm(data, prefix="code")
    found["mailbox"] = guide_forms.MailboxForm(data, initial=initial, prefix="mailbox")
    found["promise"] = guide_forms.PromiseForm(data, instance=district, prefix="promise")
    return found


def _save_mailbox(district: District, which: str, form: Any, actor: Actor) -> None:
    if which == "code":
        mailboxes.prove(form.cleaned_data["code"], actor=actor)
    elif which == "promise":
        _update(district, actor, **form.changes())
    else:
        mailboxes.ask(form.cleaned_data["email"], actor=actor)


# -- the two teams


def _support_forms(district: District, data: Any, files: Any = None) -> Forms:
    team = Team.objects.support().first() or Team(
        kind=TeamKind.SUPPORT, slug="unterstuetzungsteam", abbreviation="UT", position=1,
        name=str(TeamKind.SUPPORT.label),
    )  # fmt: skip
    return {"team": guide_forms.TeamForm(data, instance=team, prefix="team")}


def _save_team(district: District, which: str, form: Any, actor: Actor) -> None:
    """Save a team or one of its seats."""
    if form.has_changed() or form.instance.pk is None:
        people.save(form.instance, actor=actor)


def _support_done(district: District) -> bool:
    team = Team.objects.support().first()
    return team is not None and team.is_published


def _steering_forms(district: District, data: Any, files: Any = None) -> Forms:
    seats = Seat.objects.filter(team__kind=TeamKind.STEERING).order_by("position")
    found: Forms = {
        f"seat-{seat.pk}": guide_forms.SeatForm(data, instance=seat, prefix=f"seat-{seat.pk}")
        for seat in seats
    }
    team = Team.objects.of_kind(TeamKind.STEERING).first()
    if team is not None:
        found["team"] = guide_forms.TeamForm(data, instance=team, prefix="team")
    return found


def _steering_done(district: District) -> bool:
    return Seat.objects.exclude(state=SeatState.VACANT).exists()


# -- the first solution team


def _first_forms(district: District, data: Any, files: Any = None) -> Forms:
    return {"first": guide_forms.FirstTeamForm(data, prefix="first")}


def _save_first(district: District, which: str, form: Any, actor: Actor) -> None:
    values = {name: form.cleaned_data[name] for name in ("name", "challenge", "approach")}
    state = TeamState.RUNNING if form.cleaned_data["is_public"] else TeamState.DRAFT
    # What somebody has just written is right today; a draft is confirmed once it is shown.
    confirmed_at = today() if form.cleaned_data["is_public"] else None
    solutions.create_team(
        actor=actor,
        slug=free_slug(values["name"]),
        state=state,
        confirmed_at=confirmed_at,
        **values,
    )


def _second_forms(district: District, data: Any, files: Any = None) -> Forms:
    return {"second": guide_forms.SecondForm(data, prefix="second")}


def _invite_second(district: District, which: str, form: Any, actor: Actor) -> None:
    invitations.invite(email=form.cleaned_data["email"], role=Role.COORDINATOR, actor=actor)


def invited() -> list[Invitation]:
    """Return the open invitations to the coordination."""
    return list(Invitation.objects.open().filter(role=Role.COORDINATOR))


def _no_forms(district: District, data: Any, files: Any = None) -> Forms:
    return {}


def _nothing(district: District, which: str, form: Any, actor: Actor) -> None:
    raise ValidationError(_("Hier gibt es nichts zu speichern."))


STEPS = (
    Step(
        "traeger", _("Träger und Rechtliches"),
        _("Wer ist für die Seiten verantwortlich? Aus diesen Angaben entstehen drei Seiten: Impressum, Datenschutz, Barrierefreiheit."),
        _asks_nothing("traeger"), _operator_forms, _save_operator, saves_together=True,
    ),
    Step(
        "auftritt", _("Name, Farbe und Bilder"),
        _("So heißt Ihr Quartier auf allen Seiten. In dieser Farbe erscheint es. Ein paar Sätze dazu begrüßen alle auf der Startseite."),
        lambda district: bool(district.intro), _look_forms, _save_look, saves_together=True,
    ),
    Step(
        "postfach", _("Postfach für Anfragen"),
        _("Hierhin gehen Nachrichten aus dem Quartier. Wir schicken einen Code dorthin, damit sicher ist, dass jemand mitliest."),
        lambda district: mailboxes.is_proven(), _mailbox_forms, _save_mailbox,
    ),
    Step(
        "unterstuetzungsteam", _("Unterstützungsteam"),
        _("Stellen Sie das Team vor, das für alle da ist. Menschen mit Bild und Namen tragen Sie danach unter „Menschen“ ein, wenn sie zugestimmt haben."),
        _support_done, _support_forms, _save_team, saves_together=True,
    ),
    Step(
        "steuerungsteam", _("Steuerungsteam"),
        _("Welche der Sitze sind schon besetzt? Namen müssen Sie dafür nicht nennen."),
        _steering_done, _steering_forms, _save_team, saves_together=True,
    ),
    Step(
        "loesungsteam", _("Das erste Lösungsteam"),
        _("Was wird bei Ihnen schon angepackt? Ein Lösungsteam genügt für den Anfang, alles Weitere kommt später dazu."),
        lambda district: SolutionTeam.objects.published().exists(), _first_forms, _save_first,
    ),
    Step(
        "koordination", _("Zu zweit in der Koordination"),
        _("Laden Sie eine zweite Person ein, damit nichts liegen bleibt, wenn Sie einmal nicht können. Sie bekommt eine E-Mail und wählt ihr eigenes Passwort."),
        _asks_nothing("koordination"), _second_forms, _invite_second,
    ),
    Step(
        "datenschutz", _("Mappe für den Datenschutz"),
        _("Hier liegen die Unterlagen für die datenschutzbeauftragte Person: Vertrag, Verzeichnisse, Löschkonzept und mehr. Sie sind aus Ihren Angaben entstanden. Lassen Sie sie prüfen und tragen Sie ein, wer unterschrieben hat."),
        _asks_nothing("datenschutz"), _no_forms, _nothing,
    ),
    Step(
        "vorschau", _("Vorschau zeigen"),
        _("Mit diesem Link sehen andere Ihre Seiten, bevor sie öffentlich sind. Fragen Sie Menschen, die nicht dabei waren: Ist alles zu verstehen?"),
        preview.was_seen, _no_forms, _nothing,
    ),
    Step(
        "veroeffentlichen", _("Veröffentlichen"),
        _("Ist alles beisammen, machen Sie die Seiten mit einem Knopf für alle sichtbar. Sie können sie jederzeit wieder verbergen."),
        lambda district: district.state == State.PUBLISHED, _no_forms, _nothing,
    ),
)  # fmt: skip
BY_KEY = {step.key: step for step in STEPS}
