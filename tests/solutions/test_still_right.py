""" "Stimmt das noch?": asked twice a year by mail, answered by a button, without an account."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.people.dates import today
from directory.solutions import mails, services
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, District
from tests.days import at
from tests.locks import row_locks
from tests.mails import bodies, caught, deliver_all
from wiq.audit.models import Entry
from wiq.mail.models import Message

DAY, HALF_A_YEAR = timedelta(days=1), timedelta(days=182)
# In winter and in summer: half a year later the clocks were changed.
FIRST_DAYS = [date(2025, 11, 30), date(2026, 5, 31)]


def ask(district: District) -> int:
    with district.inside():
        return services.ask_all_due()


def link(district: District, maildir: Path) -> str:
    """Return the path in the mail that the team's contact got."""
    deliver_all(district)
    mail = caught(maildir, f"baeume@{district.slug}.example")[-1]
    text, html = bodies(mail)
    found = re.search(
        r"http://[a-z]+\.localhost:8000(/loesungsteams/stimmt-das-noch/[^\s\"]+)", text
    )
    assert found is not None
    assert found[1] in html
    return found[1]


@pytest.mark.parametrize("first", FIRST_DAYS)
def test_a_contact_is_asked_once_in_half_a_year(nord: District, first: date) -> None:
    with at(first, 23, 30):
        assert ask(nord) == 1
        assert ask(nord) == 0
    again = first + HALF_A_YEAR
    with at(again - DAY, 23, 59):
        assert ask(nord) == 0
    with at(again, 0, 1):
        assert ask(nord) == 1


@pytest.mark.parametrize("first", FIRST_DAYS)
def test_a_new_team_is_asked_when_it_is_half_a_year_old(nord: District, first: date) -> None:
    with at(first, 23, 30), nord.inside():
        services.confirm(nord.solution_team(), actor=ACTOR)
        services.create_team(
            actor=ACTOR, slug="neu", name="Neu", state="running", contact_email="n@nord.example"
        )

    def due() -> set[str]:
        with nord.inside():
            return set(services.due_to_be_asked().values_list("slug", flat=True))

    with at(first + HALF_A_YEAR - DAY, 23, 59):
        assert due() == set()
    with at(first + HALF_A_YEAR, 0, 1):
        # Confirmed or made: half a year later both are asked on the same day.
        assert due() == {"baeume", "neu"}


def test_a_contact_is_asked_once_a_day_however_often_the_desk_presses(nord: District) -> None:
    with nord.inside():
        assert services.ask_whether_current(nord.solution_team()) is True
        assert services.ask_whether_current(nord.solution_team()) is False
        assert Message.objects.filter(kind=mails.KIND).count() == 1
        assert Entry.objects.filter(action="solutionteam.asked").count() == 1


@pytest.mark.parametrize("state", ["draft", "completed", "self_sustaining"])
def test_the_desk_asks_nobody_whose_team_is_a_draft_or_done(nord: District, state: str) -> None:
    with nord.inside():
        team = services.set_state(nord.solution_team(), state, actor=ACTOR, reason="Ist so")
        assert services.ask_whether_current(team) is False
        assert not Message.objects.filter(kind=mails.KIND).exists()


def test_two_who_ask_at_once_wait_for_each_other(nord: District) -> None:
    with nord.inside():
        team = nord.solution_team()
        with row_locks() as locked:
            services.ask_whether_current(team)
    assert "solutions_solutionteam" in locked


def test_two_who_answer_at_once_wait_for_each_other(nord: District) -> None:
    with nord.inside():
        team = nord.solution_team()
        word = mails.confirm_url(team).rstrip("/").rpartition("/")[2]
        with row_locks() as locked:
            services.confirm_by_link(team, mails.CONFIRM.read(word))
    assert "solutions_solutionteam" in locked


def test_a_saved_form_does_not_forget_who_was_asked(nord: District) -> None:
    with nord.inside():
        stale = nord.solution_team()
        services.ask_whether_current(stale)
        services.save(stale, actor=ACTOR)
        assert nord.solution_team().asked_at is not None


def test_who_is_done_new_confirmed_or_without_an_address_is_not_asked(nord: District) -> None:
    with nord.inside():
        services.confirm(nord.solution_team(), actor=ACTOR)
        for slug, fields in (
            ("neu", {"state": "running", "contact_email": "neu@nord.example"}),
            ("ohne", {"state": "running", "source_note": "Liste"}),
            ("geschafft", {"state": "completed", "contact_email": "a@nord.example",
                           "source_note": "Liste"}),
        ):  # fmt: skip
            services.create_team(actor=ACTOR, slug=slug, name=slug, **fields)
    assert ask(nord) == 0
    with time_machine.travel(timezone.now() + timedelta(days=184), tick=False):
        with nord.inside():
            due = set(services.due_to_be_asked().values_list("slug", flat=True))
        assert due == {"baeume", "neu"}


def test_opening_the_link_changes_nothing_and_the_button_confirms(
    nord: District, maildir: Path
) -> None:
    ask(nord)
    path = link(nord, maildir)
    page = nord.client().get(path)
    assert "Ja, das stimmt noch" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert not page.cookies
    with nord.inside():
        assert nord.solution_team().confirmed_at is None
    assert "Danke!" in nord.client().post(path, {"antwort": "stimmt"}).content.decode()
    with nord.inside():
        assert nord.solution_team().confirmed_at == today()


def test_a_reported_change_reaches_the_coordination(nord: District, maildir: Path) -> None:
    ask(nord)
    path = link(nord, maildir)
    short = nord.client().post(path, {"antwort": "aendern", "aenderung": " "})
    assert short.status_code == 422
    assert "Bitte schreiben Sie Ihre Nachricht." in short.content.decode()
    nord.client().post(path, {"antwort": "aendern", "aenderung": "Wir machen jetzt eine Pause."})
    with nord.inside():
        reported = ContactRequest.objects.get()
        assert (reported.kind, reported.solution_team) == ("change", nord.solution_team())
        assert nord.solution_team().confirmed_at is None
    deliver_all(nord)
    mail = next(m for m in caught(maildir, "ut@nord.example") if reported.reference in m["Subject"])
    assert "Wir machen jetzt eine Pause." in bodies(mail)[0]


@pytest.mark.parametrize("damage", ["x", ""])
def test_a_forged_old_or_foreign_link_opens_nothing(
    nord: District, sued: District, maildir: Path, damage: str
) -> None:
    ask(nord)
    path = link(nord, maildir)
    if damage:
        assert nord.client().get(path[:-2] + damage + "/").status_code == 404
        return
    assert sued.client().get(path).status_code == 404
    assert sued.client().post(path, {"antwort": "stimmt"}).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        assert nord.client().get(path).status_code == 410
    with sued.inside():
        assert not SolutionTeam.objects.exclude(confirmed_at=None).exists()


def test_a_link_opens_for_half_a_year(nord: District, maildir: Path) -> None:
    ask(nord)
    path = link(nord, maildir)
    with time_machine.travel(timezone.now() + timedelta(days=179)):
        assert nord.client().get(path).status_code == 200


def test_a_link_stays_with_a_contact_who_is_written_in_other_letters(
    nord: District, maildir: Path
) -> None:
    ask(nord)
    path = link(nord, maildir)
    with nord.inside():
        team = nord.solution_team()
        team.contact_email = "Baeume@Nord.example"
        services.save(team, actor=ACTOR)
    assert nord.client().get(path).status_code == 200


def test_a_link_to_a_team_that_is_a_draft_again_opens_nothing(
    nord: District, maildir: Path
) -> None:
    ask(nord)
    path = link(nord, maildir)
    with nord.inside():
        services.set_state(nord.solution_team(), "draft", actor=ACTOR)
    assert nord.client().get(path).status_code == 404
    assert nord.client().post(path, {"antwort": "stimmt"}).status_code == 404


def test_a_link_ends_with_the_contact_it_was_for(nord: District, maildir: Path) -> None:
    ask(nord)
    path = link(nord, maildir)
    for address in ("neu@nord.example", ""):
        with nord.inside():
            team = nord.solution_team()
            team.contact_email = address
            services.save(team, actor=ACTOR)
        assert nord.client().get(path).status_code == 410
        for answer in ({"antwort": "stimmt"}, {"aenderung": "Wir machen jetzt eine Pause."}):
            assert nord.client().post(path, answer).status_code == 410
    with nord.inside():
        assert nord.solution_team().confirmed_at is None
        assert not ContactRequest.objects.exists()


def test_the_eleventh_report_in_a_minute_waits_and_keeps_the_text(
    nord: District, maildir: Path
) -> None:
    ask(nord)
    path = link(nord, maildir)
    for _number in range(10):
        nord.client().post(path, {"aenderung": "Neue App."})
    late = nord.client().post(path, {"aenderung": "Der elfte Text"})
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0
    assert ">Der elfte Text</textarea>" in late.content.decode()
