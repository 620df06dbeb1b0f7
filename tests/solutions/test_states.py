"""States: any public one to any other, with day, reason and who, and a word about it to everybody."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from directory.contact import links
from directory.contact.models import ContactRequest
from directory.people.dates import today
from directory.solutions import mails, services
from directory.solutions.choices import PUBLIC_STATES
from directory.solutions.models import SolutionTeam, StateChange
from tests.cast import ACTOR, District, form
from tests.contact.codes import press as press_link
from tests.days import at
from tests.editing.pressing import at_hand, group_of, press
from wiq.audit.models import Entry


@pytest.mark.parametrize("before", PUBLIC_STATES)
@pytest.mark.parametrize("after", PUBLIC_STATES)
def test_any_public_state_leads_to_any_other(nord: District, before: str, after: str) -> None:
    with nord.inside():
        team = services.create_team(actor=ACTOR, slug="x", name="X", state=before)
        services.set_state(team, after, actor=ACTOR, date=date(2024, 6, 1), reason="Weil es so ist")
        assert SolutionTeam.objects.get(slug="x").state == after
        changes = StateChange.objects.filter(solution_team=team)
        assert changes.count() == (0 if before == after else 1)


def test_a_change_says_when_why_and_who(nord: District) -> None:
    with nord.inside():
        services.set_state(
            nord.solution_team(), "paused", actor="koordination@nord.example",
            date=date(2024, 6, 1), reason="Es fehlt gerade Zeit.",
        )  # fmt: skip
        change = StateChange.objects.get()
        assert (change.from_state, change.to_state) == ("running", "paused")
        assert change.changed_by == "koordination@nord.example"
        assert Entry.objects.filter(action="solutionteam.state").exists()
        # Whoever changes the state knows it.
        assert nord.solution_team().confirmed_at == today()
    for path in ("/loesungsteams/baeume/", "/neuigkeiten/", "/neuigkeiten/feed/"):
        text = nord.client().get(path).content.decode()
        assert "Es fehlt gerade Zeit." in text
        assert "pausiert" in text
        assert "koordination@nord.example" not in text


def test_a_day_after_today_and_an_unknown_state_are_refused(nord: District) -> None:
    with nord.inside():
        with pytest.raises(ValidationError):
            services.set_state(nord.solution_team(), "fertig", actor=ACTOR)
        with at(date(2026, 7, 1), 23, 30), pytest.raises(ValidationError):
            tomorrow = date(2026, 7, 2)
            services.set_state(nord.solution_team(), "paused", actor=ACTOR, date=tomorrow)
        assert nord.solution_team().state == "running"


def test_back_to_a_draft_takes_everything_from_the_public(nord: District) -> None:
    with nord.inside():
        services.set_state(nord.solution_team(), "draft", actor=ACTOR, reason="Ruht")
    assert nord.client().get("/loesungsteams/baeume/").status_code == 404
    for path in ("/", "/loesungsteams/", "/neuigkeiten/", "/neuigkeiten/feed/", "/api/v1/topics/"):
        assert "Grüne Bäume" not in nord.client().get(path).content.decode()
    with nord.inside():
        services.set_state(nord.solution_team(), "running", actor=ACTOR)
    text = nord.client().get("/neuigkeiten/").content.decode()
    assert "Grüne Bäume" in text
    assert "Ruht" not in text


def test_the_desk_moves_a_team_with_day_and_reason(nord: District) -> None:
    client = nord.signed_in("editor")
    url = f"/koordination/solutions/solutionteam/{nord.solution_team().pk}/change/"
    page = client.get(url)
    assert page.status_code == 200
    assert "baeume@nord.example" not in page.content.decode()  # who may not read requests
    response = client.post(url, desk_data())
    assert response.status_code == 302, response.content.decode()
    why = {"state_date": "01.06.2024", "state_reason": "Die App ist da."}
    assert press(client, url, "state:operating", **why).status_code == 302
    with nord.inside():
        team = nord.solution_team()
        assert (team.state, team.name) == ("operating", "Grüne Bäume")
        assert team.contact_email == "baeume@nord.example"
        assert not team.topics.exists()
        assert StateChange.objects.get().changed_by == "editor@nord.example"
    late = press(client, url, "state:paused", **why | {"state_date": "01.06.2999"})
    assert "liegt in der Zukunft" in late.content.decode()


def test_a_move_between_public_states_needs_a_reason(nord: District) -> None:
    with nord.inside():
        with pytest.raises(ValidationError, match="warum"):
            services.set_state(nord.solution_team(), "paused", actor=ACTOR, reason="  ")
        services.set_state(nord.solution_team("entwurf"), "running", actor=ACTOR)
        assert nord.solution_team().state == "running"


def test_saving_other_fields_never_moves_a_team_back(nord: District) -> None:
    with nord.inside():
        stale = nord.solution_team()
        services.set_state(nord.solution_team(), "paused", actor=ACTOR, reason="Sommer")
        stale.place = "Am Kanal"
        services.save(stale, actor=ACTOR)
        team = nord.solution_team()
        assert (team.state, team.place, team.confirmed_at) == ("paused", "Am Kanal", today())
        assert team.last_news_on == today()


def desk_data(**changes: str) -> dict[str, str]:
    data = {"name": "Grüne Bäume", "slug": "baeume"}
    for prefix in ("updates", "members", "pictures", "state_changes"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | changes


def test_a_stale_tab_at_the_desk_moves_nothing_back(nord: District) -> None:
    url = f"/koordination/solutions/solutionteam/{nord.solution_team().pk}/change/"
    client = nord.signed_in("coordinator")
    too_late = at_hand(client, url, "state:completed", state_reason="Weiß von nichts")
    with nord.inside():
        services.set_state(nord.solution_team(), "paused", actor=ACTOR, reason="Sommer")
    late = too_late().content.decode()
    assert "Jemand war schneller" in late
    assert "Der Stand ist jetzt: pausiert" in late
    assert "Weiß von nichts" in group_of(late, "state")
    with nord.inside():
        assert nord.solution_team().state == "paused"


def test_the_desk_asks_for_a_reason_and_drops_none_in_silence(nord: District) -> None:
    url = f"/koordination/solutions/solutionteam/{nord.solution_team().pk}/change/"
    client = nord.signed_in("coordinator")
    without = press(client, url, "state:paused").content.decode()
    assert "Bitte schreiben Sie kurz, warum." in group_of(without, "state")
    add = "/koordination/solutions/solutionteam/add/"
    new = {"name": "Neu", "slug": "neu", "new_state": "draft", "state_reason": "Zu früh"}
    alone = client.post(add, desk_data(**new))
    assert "Tag und Grund gehören zu einem anderen Stand." in alone.content.decode()
    with nord.inside():
        assert nord.solution_team().state == "running"


def test_an_editor_finds_no_contact_address_by_filtering(nord: District) -> None:
    editor, coordinator = nord.signed_in("editor"), nord.signed_in("coordinator")
    for path in ("solutions/solutionteam", "people/team"):
        url = f"/koordination/{path}/?contact_email__startswith="
        for guess in ("baeume", "ut@", "xyz"):
            assert editor.get(url + guess).status_code == 400
        assert coordinator.get(f"/koordination/{path}/").status_code == 200


def test_the_log_names_no_address_of_whoever_pressed_a_button(nord: District) -> None:
    with nord.inside():
        word = mails.confirm_url(nord.solution_team()).partition("/loesungsteams/")[2]
    nord.client().post(f"/loesungsteams/{word}", {"antwort": "stimmt"})
    nord.client().post("/kontakt/", form())
    with nord.inside():
        request = ContactRequest.objects.get()
        link = links.link(request, "taken", 0).partition("/kontakt/")[2]
    press_link(nord, f"/kontakt/{link}")
    with nord.inside():
        assert ContactRequest.objects.get().state == "taken"
        said = str(list(Entry.objects.values()))
        assert "baeume@" not in said
        assert "ut@nord" not in said
