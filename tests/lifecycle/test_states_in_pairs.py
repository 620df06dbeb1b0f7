"""Every pair of states, through service, API and console: what is allowed arrives, nothing else."""

import itertools

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tenants.districts import moves
from tenants.districts.models import District as Row
from tenants.lifecycle import ending
from tests.api.asking import Api
from tests.audited import details
from tests.cast import ACTOR, District, project_team, put
from tests.editing.pressing import buttons_of, press
from wiq.accounts import services as accounts
from wiq.mail.models import Message

STATES = ("draft", "published", "hidden", "suspended", "archived")
# From a state to those that the project team can put a district into that was public before.
ALLOWED = {
    "draft": {"published", "suspended", "archived"},
    "published": {"hidden", "suspended", "archived"},
    "hidden": {"published", "suspended", "archived"},
    "suspended": {"published", "hidden", "archived"},
    "archived": {"published", "hidden"},
}
PAIRS = [(now, wished) for now, wished in itertools.product(STATES, STATES) if now != wished]


def in_state(district: District, state: str) -> None:
    """Put a district that was public once, and has lost its Träger since, into a state."""
    put(district.row, "published")
    put(district.row, state)


def mails(district: District) -> list[Message]:
    with district.inside():
        return list(Message.objects.filter(kind="district.state"))


@pytest.mark.parametrize(("now", "wished"), PAIRS)
@pytest.mark.parametrize("door", ["service", "api", "console"])
def test_every_pair_of_states(
    nord: District, sued: District, door: str, now: str, wished: str
) -> None:
    in_state(nord, now)
    if door == "service":
        try:
            moves.move(nord.row, wished, actor=ACTOR, reason="Darum.")
            worked = True
        except ValidationError:
            worked = False
    elif door == "api":
        team = Api(accounts.create_token(project_team()))
        answer = team("patch", "districts/nord/", {"state": wished, "reason": "Darum."})
        assert answer.status_code in (200, 400)
        worked = answer.status_code == 200
    else:
        console = Client(headers={"host": "localhost"})
        console.force_login(project_team())
        url = f"/plattform/districts/district/{nord.row.pk}/change/"
        act = f"state:to_{wished}"
        worked = act in buttons_of(console.get(url).content.decode())
        if worked:
            assert press(console, url, act, reason="Darum.").status_code == 302
    assert worked is (wished in ALLOWED[now])
    assert nord.row.state == (wished if worked else now)
    # Who coordinates is told once, with the reason; nobody else is.
    assert len(mails(nord)) == int(worked)
    assert all("Darum." in mail.text for mail in mails(nord))
    assert all("Guten Tag,\n\nder Zustand Ihres" in mail.text for mail in mails(nord))
    assert mails(sued) == []
    assert sued.row.state == "published"


@pytest.mark.parametrize("end", ["suspended", "archived"])
@pytest.mark.parametrize("before", ["draft", "published", "hidden"])
def test_what_ends_returns_to_the_state_before(nord: District, before: str, end: str) -> None:
    in_state(nord, before)
    moves.move(nord.row, end, actor=ACTOR)
    restored = moves.restore(nord.row, actor=ACTOR, reason="Alles geklärt.")
    assert restored.state == nord.row.state == before
    assert nord.row.state_before == ""
    assert nord.row.state_note == "Alles geklärt."
    with nord.inside():
        assert details("district.state")[-1] == {"to": before, "reason": "Alles geklärt."}
    assert sum("Alles geklärt." in mail.text for mail in mails(nord)) == 1


@pytest.mark.parametrize("before", ["draft", "published", "hidden"])
def test_a_button_of_the_console_leads_back(nord: District, before: str) -> None:
    in_state(nord, before)
    moves.move(nord.row, "suspended", actor=ACTOR)
    console = Client(headers={"host": "localhost"})
    console.force_login(project_team())
    url = f"/plattform/districts/district/{nord.row.pk}/change/"
    press(console, url, "state:restore", reason="Alles geklärt.")
    assert (nord.row.state, nord.row.state_note) == (before, "Alles geklärt.")
    assert "state:restore" not in buttons_of(console.get(url).content.decode())


@pytest.mark.parametrize("before", ["draft", "published", "hidden"])
def test_the_api_leads_back(nord: District, before: str) -> None:
    in_state(nord, before)
    moves.move(nord.row, "suspended", actor=ACTOR)
    team = Api(accounts.create_token(project_team()))
    answer = team("post", "districts/nord/restore/", {"reason": "Alles geklärt."})
    assert (answer.status_code, answer.json()["state"]) == (200, before)
    assert nord.row.state_note == "Alles geklärt."


def test_a_suspended_district_that_is_archived_returns_to_before_the_suspension(
    nord: District,
) -> None:
    for state in ("suspended", "archived"):
        moves.move(nord.row, state, actor=ACTOR)
    assert moves.restore(nord.row, actor=ACTOR).state == "published"


@pytest.mark.parametrize("state", ["draft", "published", "hidden"])
def test_what_has_not_ended_is_not_restored(nord: District, state: str) -> None:
    in_state(nord, state)
    with pytest.raises(ValidationError, match="weder gesperrt noch archiviert"):
        moves.restore(nord.row, actor=ACTOR)
    assert nord.row.state == state


@pytest.mark.parametrize("now", ["hidden", "suspended", "archived"])
def test_what_was_never_public_still_goes_through_the_gate(nord: District, now: str) -> None:
    Row.objects.filter(slug="nord").update(state=now, passed_gate_at=None, state_before="published")
    for step in (
        lambda: moves.move(nord.row, "published", actor=ACTOR),
        lambda: moves.restore(nord.row, actor=ACTOR),
    ):
        with pytest.raises(ValidationError):
            step()
    assert nord.row.state == now
    assert mails(nord) == []


def test_a_note_stays_until_the_next_move(nord: District) -> None:
    moves.move(nord.row, "suspended", actor=ACTOR, reason="Ein Hinweis ging ein.")
    assert nord.row.state_note == "Ein Hinweis ging ein."
    moves.move(nord.row, "hidden", actor=ACTOR)
    assert nord.row.state_note == ""


def test_leaving_the_archive_calls_off_a_removal(nord: District) -> None:
    ending.announce_removal(nord.row, typed_host=nord.host, actor=ACTOR)
    # Told once, of the removal.
    assert mails(nord) == []
    assert moves.restore(nord.row, actor=ACTOR).state == "published"
    assert nord.row.delete_after is None
