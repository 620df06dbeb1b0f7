"""Writing topics and solution teams: their data, their states and their confirmations."""

from collections.abc import Collection
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from directory.people import short_names
from directory.people.dates import today
from directory.solutions import catalogue, mails
from directory.solutions.choices import ASKED_STATES, TeamState
from directory.solutions.models import (
    Picture,
    SolutionTeam,
    SolutionTeamMember,
    StateChange,
    Synonyms,
    Topic,
    Update,
)
from directory.solutions.search import fold
from tenants.districts import public_menu
from tenants.districts import services as districts
from wiq.actors import Actor, name_of
from wiq.audit import records
from wiq.audit import services as audit
from wiq.media.pictures import remove_file_after_commit
from wiq.media.waiting import keep_picture_alone
from wiq.tenancy import current_district_id

Record = TypeVar("Record", bound=models.Model)
# Twice a year.
ASK_EVERY = timedelta(days=182)


@transaction.atomic
def save(instance: Record, *, actor: Actor) -> Record:
    """Check and save a new or changed object of this room, and record who did it.

    Derived data (search keys, the date of the latest news) is updated in the same transaction.
    Raises ValidationError if the object breaks a rule of its model.
    """
    if isinstance(instance, Picture):
        instance.full_clean()
        keep_picture_alone(instance, "image")
    if isinstance(instance, Topic | SolutionTeam):
        give_sort_key(instance)
    if isinstance(instance, Synonyms) and not instance.slug:
        instance.slug = f"woerter-{uuid4().hex[:12]}"
    before = catalogue.shared_as(instance)
    has_name = isinstance(instance, Topic | SolutionTeam)
    with short_names.keeping(instance) if has_name else nullcontext():
        records.save(instance, actor=actor)
    if isinstance(instance, SolutionTeam):
        _index(instance)
        catalogue.show(instance, before)
    elif isinstance(instance, Topic):
        for team in instance.solution_teams.all():
            _index(team)
            catalogue.show(team)
    elif isinstance(instance, Update):
        _note_latest_news(instance.solution_team)
    return instance


@transaction.atomic
def remove(instance: models.Model, *, actor: Actor) -> None:
    """Delete an object of this room, with its files, and record who did it."""
    pictures: list[Picture] = []
    teams: list[SolutionTeam] = []
    shared = catalogue.shared_as(instance)
    if isinstance(instance, SolutionTeam):
        pictures = list(instance.pictures.all())
    elif isinstance(instance, Picture):
        pictures = [instance]
    elif isinstance(instance, Topic):
        teams = list(instance.solution_teams.all())
    if isinstance(instance, Topic | SolutionTeam):
        short_names.forget(instance)
    for picture in pictures:
        remove_file_after_commit(str(picture.image.name))
    records.remove(instance, actor=actor)
    for team in teams:
        _index(team)
        catalogue.show(team)
    if isinstance(instance, SolutionTeam):
        note_what_shows()
        catalogue.take_out(shared)
    if isinstance(instance, Update):
        _note_latest_news(instance.solution_team)


def give_sort_key(instance: Topic | SolutionTeam) -> None:
    """Set the sort key, in memory."""
    longest = instance._meta.get_field("sort_key").max_length
    instance.sort_key = fold(instance.name)[:longest]


def index_all() -> None:
    """Update search keys and catalogue for every team, after an import."""
    for team in SolutionTeam.objects.all():
        _index(team)
        catalogue.show(team)


def _index(team: SolutionTeam) -> None:
    """Update the search keys."""
    names = list(team.topics.values_list("name", flat=True))
    SolutionTeam.objects.filter(pk=team.pk).update(**team.keys(names))


def note_what_shows() -> None:
    """Keep with the district how many solution teams are public, and what its menu leads to."""
    district_id = current_district_id()
    if district_id is not None:
        districts.note_solution_teams(district_id, SolutionTeam.objects.published().count())
        public_menu.note()


def _note_latest_news(team: SolutionTeam) -> None:
    """Store the day of the latest update or change of state, for sorting."""
    days = [
        rows.aggregate(latest=models.Max("date"))["latest"]
        for rows in (team.updates.all(), team.state_changes.all())
    ]
    latest = max((day for day in days if day is not None), default=None)
    SolutionTeam.objects.filter(pk=team.pk).update(last_news_on=latest)


@transaction.atomic
def set_topics(team: SolutionTeam, topics: Collection[Topic], *, actor: Actor) -> None:
    """Set the topics of a solution team."""
    before = {topic.pk for topic in team.topics.all()}
    if before == {topic.pk for topic in topics}:
        return
    team.topics.set(topics)
    catalogue.show(team)
    slugs = sorted(topic.slug for topic in topics)
    audit.record_change("solutionteam.topics", team, actor=actor, details={"topics": slugs})
    _index(team)


@transaction.atomic
def create_team(
    *,
    actor: Actor,
    topics: Collection[Topic] = (),
    state: TeamState | str = TeamState.DRAFT,
    **fields: Any,
) -> SolutionTeam:
    """Create a solution team, as a draft or in a state that is already public elsewhere."""
    team = save(SolutionTeam(state=state, **fields), actor=actor)
    set_topics(team, topics, actor=actor)
    note_what_shows()
    return team


def create_topic(*, actor: Actor, **fields: Any) -> Topic:
    """Create a topic."""
    return save(Topic(**fields), actor=actor)


def add_member(*, actor: Actor, **fields: Any) -> SolutionTeamMember:
    """Add a person to a solution team; shown only with a consent."""
    return save(SolutionTeamMember(**fields), actor=actor)


def add_update(*, actor: Actor, **fields: Any) -> Update:
    """Add a dated note on a solution team's progress."""
    return save(Update(**fields), actor=actor)


def _check_move(team: SolutionTeam, state: str, day: date | None, reason: str) -> None:
    if state not in TeamState.values:
        raise ValidationError({"state": _("Diesen Stand gibt es nicht.")})
    if day is not None and day > today():
        raise ValidationError({"state_date": _("Dieser Tag liegt in der Zukunft.")})
    moves = team.is_public and state not in (team.state, TeamState.DRAFT)
    if moves and not reason.strip():
        raise ValidationError({"state_reason": _("Bitte schreiben Sie kurz, warum.")})


@transaction.atomic
def set_state(
    team: SolutionTeam,
    state: TeamState | str,
    *,
    actor: Actor,
    date: date | None = None,
    reason: str = "",
) -> SolutionTeam:
    """Move a solution team to a state: from any public state to any other, to draft and back.

    A move also counts as a confirmation of the page. Moving to the current state changes
    nothing. Raises ValidationError for an unknown state, a date in the future, and a move between
    public states without a reason.
    """
    locked = SolutionTeam.objects.select_for_update().get(pk=team.pk)
    _check_move(locked, state, date, reason)
    if locked.state == state:
        return locked
    change = StateChange(
        solution_team=locked,
        from_state=locked.state,
        to_state=state,
        date=date or today(),
        reason=reason.strip(),
        changed_by=name_of(actor),
    )
    records.tidy(change)
    records.check_years(change)
    change.full_clean()
    change.save()
    locked.state = TeamState(state)
    locked.confirmed_at = today()
    locked.save(update_fields=["state", "confirmed_at", "updated_at"])
    _note_latest_news(locked)
    note_what_shows()
    catalogue.show(locked, locked.slug if locked.is_shared else "")
    details = {"from": change.from_state, "to": change.to_state}
    audit.record_change("solutionteam.state", locked, actor=actor, details=details)
    return locked


@transaction.atomic
def save_whole(
    team: SolutionTeam,
    *,
    actor: Actor,
    topics: Collection[Topic] | None = None,
    state: TeamState | str | None = None,
    date: date | None = None,
    reason: str = "",
) -> SolutionTeam:
    """Save a solution team with its topics and its state, all or nothing.

    None leaves topics or state unchanged. Raises ValidationError.
    """
    save(team, actor=actor)
    if topics is not None:
        set_topics(team, topics, actor=actor)
    if state is None:
        return team
    return set_state(team, state, actor=actor, date=date, reason=reason)


@transaction.atomic
def confirm(team: SolutionTeam, *, actor: Actor) -> SolutionTeam:
    """Store that the page was confirmed as still right."""
    team.confirmed_at = today()
    team.save(update_fields=["confirmed_at", "updated_at"])
    audit.record_change("solutionteam.confirmed", team, actor=actor)
    return team


@transaction.atomic
def confirm_by_link(team: SolutionTeam, question: mails.Question) -> None:
    """Note what a team's contact says, once for each link: pressed again, it is said already."""
    held = SolutionTeam.objects.select_for_update().filter(pk=team.pk).first()
    if held is not None and mails.is_open(held, question):
        confirm(held, actor=audit.MAIL_LINK)


def due_to_be_asked() -> models.QuerySet[SolutionTeam]:
    """Return the active solution teams whose contact is due to be asked "Stimmt das noch?".

    Nobody has confirmed the page or been asked for half a year. A new one is due when it is half
    a year old, but at once if its state comes from an old list.
    """
    half_a_year_ago = today() - ASK_EVERY
    old = models.Q(created_at__date__lte=half_a_year_ago) | ~models.Q(source_note="")
    unasked = models.Q(asked_at__isnull=True) | models.Q(asked_at__lte=half_a_year_ago)
    stale = SolutionTeam.objects.unconfirmed_since(half_a_year_ago + timedelta(days=1))
    return stale.filter(old, unasked).exclude(contact_email="")


@transaction.atomic
def ask_whether_current(team: SolutionTeam) -> bool:
    """Mail the question to a solution team's contact; tell whether a mail was written."""
    locked = SolutionTeam.objects.select_for_update().get(pk=team.pk)
    if not locked.contact_email or locked.state not in ASKED_STATES or locked.asked_at == today():
        return False
    locked.asked_at = today()
    locked.save(update_fields=["asked_at"])
    mails.write_question(locked)
    audit.record_change("solutionteam.asked", locked)
    return True


def ask_all_due() -> int:
    """Ask every contact that is due; return the number of mails."""
    return sum(ask_whether_current(team) for team in due_to_be_asked())
