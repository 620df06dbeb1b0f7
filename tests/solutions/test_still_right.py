""" "Stimmt das noch?": asked twice a year by mail, answered by a button, without an account."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.people.dates import today
from directory.solutions import services
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, District
from tests.mails import bodies, caught, deliver_all


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


def test_a_contact_is_asked_once_in_half_a_year(nord: District) -> None:
    assert ask(nord) == 1
    assert ask(nord) == 0
    with time_machine.travel(timezone.now() + timedelta(days=181), tick=False):
        assert ask(nord) == 0
    with time_machine.travel(timezone.now() + timedelta(days=183), tick=False):
        assert ask(nord) == 1


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
    assert ">Der elfte Text</textarea>" in late.content.decode()
