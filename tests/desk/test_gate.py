"""The gate: each single thing that a district lacks keeps it from the public, and nothing else does."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from directory.contact.models import MailboxProof
from directory.desk import guide
from directory.people.models import Seat, Team
from directory.solutions.models import SolutionTeam
from tenants.districts import moves
from tenants.districts import services as districts
from tenants.districts.models import Operator, State
from tests.cast import ACTOR, District, put
from tests.locks import row_locks
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.audit.models import Entry

GUIDE = "/koordination/leitfaden/"
SECOND = "zweite@nord.example"


@pytest.fixture
def ready(nord: District) -> District:
    """Nord, hidden, with all that it needs to become public."""
    operator = districts.save_operator(
        Operator(
            legal_name="Verein Nord e. V.", address="Nordstraße 1", representative="Kim Nord",
            email="verein@nord.example", phone="0341 123456", news_editor="Kim Nord, Nordstraße 1",
        ),
        actor=ACTOR,
    )  # fmt: skip
    day = date(2026, 11, 1)
    districts.update(
        nord.row, actor=ACTOR, operator=operator, processing_agreement_on=day,
        accessibility_checked_on=day,
    )  # fmt: skip
    put(nord.row, State.HIDDEN)
    with nord.inside():
        accounts.create_account(email=SECOND, role=Role.COORDINATOR)
        MailboxProof.objects.create(
            email="UT@nord.example", code_hash="x", proven_at=timezone.now()
        )
    return nord


def lacks_a_contract(district: District) -> None:
    districts.update(district.row, actor=ACTOR, processing_agreement_on=None)


def lacks_a_check_of_accessibility(district: District) -> None:
    districts.update(district.row, actor=ACTOR, accessibility_checked_on=None)


def lacks_a_traeger(district: District) -> None:
    districts.update(district.row, actor=ACTOR, operator=None)


def lacks_an_officer(district: District) -> None:
    Operator.objects.update(is_public_body=True)


def lacks_a_proof(district: District) -> None:
    with district.inside():
        MailboxProof.objects.update(proven_at=None)


def lacks_a_team_that_is_shown(district: District) -> None:
    with district.inside():
        Team.objects.update(is_published=False)


def lacks_a_second_one(district: District) -> None:
    with district.inside():
        User.objects.filter(email=SECOND).update(is_active=False)


def lacks_a_second_one_who_stays(district: District) -> None:
    with district.inside():
        User.objects.filter(email=SECOND).update(expires_at=timezone.now())


def lacks_a_second_one_who_coordinates(district: District) -> None:
    with district.inside():
        User.objects.filter(email=SECOND).update(role=Role.EDITOR)


@pytest.mark.parametrize(
    ("lacks", "step", "words"),
    [
        (lacks_a_contract, "datenschutz", "Vertrag zur Auftragsverarbeitung"),
        (lacks_a_check_of_accessibility, "traeger", "Barrierefreiheit"),
        (lacks_a_traeger, "traeger", "Träger des Quartiers"),
        (lacks_an_officer, "traeger", "Datenschutzbeauftragte"),
        (lacks_a_proof, "postfach", "Ein Postfach, das jemand liest"),
        (lacks_a_team_that_is_shown, "unterstuetzungsteam", "Mindestens ein veröffentlichtes"),
        (lacks_a_second_one, "koordination", "Eine zweite Person"),
        (lacks_a_second_one_who_stays, "koordination", "Eine zweite Person"),
        (lacks_a_second_one_who_coordinates, "koordination", "Eine zweite Person"),
    ],
)
def test_one_thing_that_is_missing_keeps_a_district_from_the_public(
    ready: District, lacks: Callable[[District], None], step: str, words: str
) -> None:
    lacks(ready)
    with ready.inside(), pytest.raises(ValidationError, match=words) as refused:
        moves.publish(ready.row, actor=ACTOR)
    assert len(refused.value.messages) == 1
    with ready.inside():
        assert [gap.step for gap in moves.gaps(ready.row)] == [step]
    assert ready.row.state == State.HIDDEN


def test_who_runs_the_platform_needs_no_contract_with_itself(ready: District) -> None:
    lacks_a_contract(ready)
    Operator.objects.update(runs_platform=True)
    with ready.inside():
        assert moves.gaps(ready.row) == []


def test_what_becomes_public_and_hidden_is_noted_here_and_at_the_platform(ready: District) -> None:
    with ready.inside():
        coordinator = User.objects.get(email="coordinator@nord.example")
        for move in (moves.publish, moves.hide):
            move(ready.row, actor=coordinator)
        noted = Entry.objects.filter(action__in=["district.published", "district.hidden"])
        assert [(entry.action, entry.actor) for entry in noted.order_by("pk")] == [
            ("district.published", coordinator.email),
            ("district.hidden", coordinator.email),
        ]
    told = Entry.objects.filter(action="district.state").order_by("-pk")[:2]
    assert {entry.actor for entry in told} == {"coordination"}


@pytest.mark.parametrize(
    ("state", "published", "hidden"),
    [
        (State.DRAFT, True, False), (State.HIDDEN, True, False), (State.PUBLISHED, False, True),
        (State.SUSPENDED, False, False), (State.ARCHIVED, False, False),
    ],
)  # fmt: skip
def test_the_coordination_moves_a_district_between_hidden_and_public_alone(
    ready: District, state: State, published: bool, hidden: bool
) -> None:
    for move, may in ((moves.publish, published), (moves.hide, hidden)):
        put(ready.row, state)
        with ready.inside():
            if may:
                move(ready.row, actor=ACTOR)
                continue
            with pytest.raises(ValidationError, match=r"geht das nicht|nicht öffentlich"):
                move(ready.row, actor=ACTOR)
        assert ready.row.state == state


@pytest.mark.parametrize("move", [moves.publish, moves.hide])
def test_a_district_is_held_before_it_is_moved(ready: District, move: Any) -> None:
    if move is moves.hide:
        put(ready.row, State.PUBLISHED)
    row = ready.row
    with ready.inside(), row_locks() as locked:
        move(row, actor=ACTOR)
    assert "districts_district" in locked


@pytest.mark.parametrize(
    ("step", "which", "fields", "action"),
    [
        ("traeger", "legal", {"legal-accessibility_gaps": "Eine Karte."}, "district.updated"),
        ("traeger", "operator", {"operator-legal_name": "Verein"}, "operator.saved"),
        ("auftritt", "look", {"look-name": "Nord", "look-colour": "#123456"}, "district.updated"),
        ("auftritt", "pictures", {"pictures-header_alt": "Kanal"}, "district.updated"),
    ],
)
def test_what_the_guide_changes_is_noted_with_who_did_it_and_the_address_stays_here(
    ready: District, step: str, which: str, fields: dict[str, str], action: str
) -> None:
    answer = ready.signed_in("coordinator").post(f"{GUIDE}{step}/", {"was": which, **fields})
    assert answer.status_code == 302
    with ready.inside():
        assert Entry.objects.latest("pk").action == action
        assert Entry.objects.latest("pk").actor == "coordinator@nord.example"
    assert Entry.objects.filter(action=action).latest("pk").actor == "coordination"


def test_a_traeger_of_one_district_alone_is_not_shared(ready: District, sued: District) -> None:
    row = ready.row
    with ready.inside():
        assert not guide.is_shared(row.operator, row)
        assert not guide.is_shared(None, row)
    districts.update(sued.row, actor=ACTOR, operator=row.operator)
    with ready.inside():
        assert guide.is_shared(row.operator, row)


@pytest.mark.parametrize(("sent", "state"), [({"first-is_public": "on"}, "running"), ({}, "draft")])
def test_the_first_solution_team_is_shown_only_where_that_was_chosen(
    nord: District, sent: dict[str, str], state: str
) -> None:
    first = {"was": "first", "first-name": "Bank", "first-challenge": "a", "first-approach": "b"}
    nord.signed_in("coordinator").post(f"{GUIDE}loesungsteam/", first | sent)
    with nord.inside():
        assert SolutionTeam.objects.get(name="Bank").state == state


def test_the_guide_names_nobody_at_a_seat(nord: District) -> None:
    with nord.inside():
        free = Seat.objects.exclude(state="named").get()
    desk = nord.signed_in("coordinator")
    page = desk.get(f"{GUIDE}steuerungsteam/").content.decode()
    assert page.count('value="named"') == 2  # of the two seats that have somebody's name
    for state, status in (("named", 422), ("taken", 302)):
        sent = {"was": f"seat-{free.pk}", f"seat-{free.pk}-state": state}
        assert desk.post(f"{GUIDE}steuerungsteam/", sent).status_code == status
    with nord.inside():
        assert Seat.objects.get(pk=free.pk).state == "taken"
