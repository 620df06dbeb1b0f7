"""An idea: brought without an account, prepared, decided with a reason, followed by its bringer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from directory.ideas import services
from directory.ideas.models import MOVES, Idea, IdeaState
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, MESSAGE, District, idea_form
from tests.conversations.reading import reader
from tests.editing.pressing import at_hand
from tests.mails import bodies, caught, deliver_all
from wiq.audit.models import Entry


def bring(district: District, **changes: Any) -> str:
    """Bring an idea and return the path of its status page."""
    response = district.client().post("/idee/", idea_form(**changes))
    assert response.status_code == 303, response.content.decode()
    return str(response.headers["Location"]).removesuffix("?neu=1")


def latest(district: District) -> Idea:
    with district.inside():
        return Idea.objects.latest("pk")


def move(district: District, state: str, note: str = "Ein Grund, den alle verstehen.") -> Idea:
    with district.inside():
        return services.MOVE[state](Idea.objects.latest("pk"), actor=ACTOR, note=note)


def test_an_idea_is_kept_and_both_sides_get_a_mail(nord: District, maildir: Path) -> None:
    path = bring(nord, email="bank@beispiel.example")
    idea = latest(nord)
    assert (idea.title, idea.wants_to_help, idea.state) == ("Eine Bank am Kanal", "yes", "received")
    deliver_all(nord)
    team = next(m for m in caught(maildir, "ut@nord.example") if idea.reference in m["Subject"])
    assert team["Reply-To"].startswith("anfrage+")
    for body in bodies(team):
        assert MESSAGE in body
        assert f"/koordination/posteingang/{idea.reference}/" in body
    mail = caught(maildir, "bank@beispiel.example")[-1]
    for body in bodies(mail):
        assert f"http://nord.localhost:8000{path}" in body
        # Somebody could have typed another person's address.
        assert MESSAGE not in body
        assert "Erika" not in body
        assert "Bank" not in body
    # Whoever brought two ideas sees which one this is.
    assert "<dd>Eine Bank am Kanal</dd>" in reader(nord, path).get(path).content.decode()


def test_the_team_is_told_that_an_idea_came_in_english(nord: District, maildir: Path) -> None:
    for path in ("/idee/", "/en/idee/"):
        assert nord.client().post(path, idea_form()).status_code == 303
        idea = latest(nord)
        deliver_all(nord)
        mail = next(m for m in caught(maildir, "ut@nord.example") if idea.reference in m["Subject"])
        for body in bodies(mail):
            assert ("auf Englisch ausgefüllt" in body) is (path == "/en/idee/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "worum es geht"),
        ({"title": "x" * 121}, "zu lang"),
        ({"title": "a\nb"}, "nur eine Zeile"),
        ({"description": "kurz"}, "mindestens 10 Zeichen"),
        ({"description": "x" * 5001}, "5001 Zeichen"),
        ({"description": "Hallo \x07 Welt, wie geht es?"}, "nicht lesen können"),
        ({"wants_to_help": "egal"}, "eine der Antworten"),
        ({"name": ""}, "Ihren Namen"),
        ({"email": "", "phone": ""}, "E-Mail-Adresse oder eine Telefonnummer"),
        ({"email": "zwei@a.example, drei@b.example"}, "nur eine E-Mail-Adresse"),
        ({"privacy_acknowledged": None}, "Datenschutzhinweise gelesen"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(
    nord: District, changes: dict[str, Any], words: str
) -> None:
    response = nord.client().post("/idee/", idea_form(**changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    if "title" not in changes:
        assert 'value="Eine Bank am Kanal"' in page
    with nord.inside():
        assert not Idea.objects.exists()


def test_the_honeypot_keeps_an_idea_as_spam_and_mails_nobody(nord: District) -> None:
    response = nord.client().post("/idee/", idea_form(website="http://spam.example"))
    assert response.headers["Location"] == "/kontakt/danke/"
    idea = latest(nord)
    assert idea.state == "spam"
    assert nord.client().get(f"/idee/{idea.token}/").status_code == 404
    with nord.inside():
        assert not Idea.objects.open().exists()
        services.call_no_spam(idea, actor=ACTOR)
        assert Idea.objects.open().count() == 1
    assert nord.client().get(f"/idee/{idea.token}/").status_code == 200


def test_the_eleventh_post_in_a_minute_waits_and_keeps_the_text(nord: District) -> None:
    for _number in range(10):
        nord.client().post("/idee/", idea_form())
    response = nord.client().post("/idee/", idea_form(title="Die elfte"))
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert 'value="Die elfte"' in response.content.decode()


def test_a_post_from_another_site_is_refused(nord: District) -> None:
    client = nord.client(**{"Sec-Fetch-Site": "same-site"})
    assert client.post("/idee/", idea_form()).status_code == 403


@pytest.mark.parametrize("state", IdeaState.values)
def test_an_idea_goes_only_where_its_life_leads(nord: District, state: str) -> None:
    bring(nord)
    for wished in services.MOVE:
        with nord.inside():
            Idea.objects.update(state=state)
        if wished in MOVES[state]:
            assert move(nord, wished).state == wished
        else:
            with pytest.raises(services.WrongMove):
                move(nord, wished)
            assert latest(nord).state == state
        with nord.inside():
            SolutionTeam.objects.filter(name="Eine Bank am Kanal").delete()


def test_an_accepted_idea_becomes_a_draft_and_leads_to_its_page_once_it_is_public(
    nord: District, maildir: Path
) -> None:
    from directory.solutions import services as solutions

    path = bring(nord, email="ja@beispiel.example")
    move(nord, "review")
    move(nord, "accepted", "Das Steuerungsteam findet die Idee gut.")
    with nord.inside():
        idea = latest(nord)
        team = idea.solution_team
        # Nothing that was written to the team goes into what the public will read.
        assert (team.state, team.challenge, team.place) == ("draft", "", "")
        assert team.name == f"Aus der Idee {idea.reference}"
        address = f"/loesungsteams/{team.slug}/"
    page = nord.client().get(path).content.decode()
    assert address not in page
    assert "nur, wenn Sie zustimmen" in page
    deliver_all(nord)
    mail = caught(maildir, "ja@beispiel.example")[-1]
    assert "Das Steuerungsteam findet die Idee gut." in bodies(mail)[0]
    assert "Ihre Worte und Ihr Name stehen nur dann öffentlich" in bodies(mail)[0]
    read = reader(nord, path).get(path).content.decode()
    assert "Das Steuerungsteam findet die Idee gut." in read
    with nord.inside():
        solutions.set_state(team, "running", actor=ACTOR)
    assert address in nord.client().get(path).content.decode()


@pytest.mark.parametrize("state", ["needs_info", "accepted", "declined"])
def test_a_question_or_decision_needs_a_text(nord: District, state: str) -> None:
    from django.core.exceptions import ValidationError

    bring(nord)
    move(nord, "review")
    with pytest.raises(ValidationError):
        move(nord, state, "  ")
    assert latest(nord).state == "review"


def test_the_bringer_answers_a_question_and_the_idea_is_in_review_again(
    nord: District, maildir: Path
) -> None:
    path = bring(nord)
    move(nord, "review")
    move(nord, "needs_info", "Wo genau soll die Bank stehen?")
    bringer = reader(nord, path)
    assert "Wo genau soll die Bank stehen?" in bringer.get(path).content.decode()
    short = bringer.post(path, {"was": "antworten", "antwort": "?"})
    assert short.status_code == 422
    assert ">?</textarea>" in short.content.decode()
    answer = bringer.post(path, {"was": "antworten", "antwort": "Am Baum."})
    assert answer.status_code == 303
    assert latest(nord).state == "review"
    deliver_all(nord)
    mail = next(m for m in caught(maildir, "ut@nord.example")[::-1]
                if m["Subject"].startswith("Antwort") and latest(nord).reference in m["Subject"])  # fmt: skip
    assert "Am Baum." in bodies(mail)[0]


def test_the_bringer_takes_an_idea_back_by_a_button(nord: District) -> None:
    path = bring(nord)
    nord.client().get(path)
    assert latest(nord).state == "received"
    nord.client().post(path, {"was": "zurueckziehen"})
    assert latest(nord).state == "withdrawn"
    page = nord.client().get(path).content.decode()
    assert "Idee zurückziehen" not in page
    assert "Wir löschen Ihre Angaben am" in page


def test_an_idea_is_nobody_elses(nord: District, sued: District) -> None:
    path = bring(nord, title="Geheimer Plan")
    response = nord.client().get(path)
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert not response.cookies
    assert sued.client().get(path).status_code == 404
    for public in ("/", "/loesungsteams/", "/neuigkeiten/", "/api/v1/solution-teams/"):
        assert "Geheimer Plan" not in nord.client().get(public).content.decode()
    assert nord.client().get("/api/v1/ideas/").status_code == 401
    assert nord.client(authorization=f"Bearer {nord.token('editor')}").get(
        "/api/v1/ideas/").status_code == 403  # fmt: skip


def desk(district: District, act: str, note: str) -> Callable[[], Any]:
    """Open an idea at the desk; return what presses a button with this text."""
    url = f"/koordination/ideas/idea/{latest(district).pk}/change/"
    return at_hand(district.signed_in("coordinator"), url, f"move:{act}", note=note)


def test_the_desk_takes_up_asks_and_decides(nord: District) -> None:
    bring(nord)
    assert desk(nord, "review", note="")().status_code == 302
    assert latest(nord).state == "review"
    missing = desk(nord, "declined", note="")()
    assert missing.status_code == 200
    assert "Bitte schreiben Sie dazu einen Text" in missing.content.decode()
    assert desk(nord, "declined", note="Dafür gibt es schon etwas.")().status_code == 302
    assert latest(nord).state == "declined"
    with nord.inside():
        assert Entry.objects.filter(action="idea.state", actor="coordinator@nord.example").exists()
    assert nord.signed_in("editor").get("/koordination/ideas/idea/").status_code == 403


def test_the_api_brings_and_decides_as_the_desk_does(nord: District) -> None:
    body = {**idea_form(), "privacy_acknowledged": True}
    client = nord.client(**{"Idempotency-Key": "eins"})
    first = client.post("/api/v1/ideas/", body, content_type="application/json")
    assert first.status_code == 201
    again = client.post("/api/v1/ideas/", body, content_type="application/json")
    assert again.json() == first.json()
    other = client.post("/api/v1/ideas/", body | {"title": "Anders"}, "application/json")
    assert other.status_code == 422
    token = nord.client(authorization=f"Bearer {nord.token()}")
    url = f"/api/v1/ideas/{first.json()['reference']}/"
    assert token.get("/api/v1/ideas/").json()["count"] == 1
    wrong = token.patch(url, {"state": "accepted", "note": "Ja"}, "application/json")
    assert wrong.status_code == 400
    assert token.patch(url, {"state": "review"}, "application/json").json()["state"] == "review"
    done = token.patch(url, {"state": "accepted", "note": "Gute Idee."}, "application/json").json()
    number = first.json()["reference"].lower()
    assert (done["state"], done["solution_team"]) == ("accepted", f"idee-{number}")


def test_two_ideas_with_one_name_become_two_teams(nord: District) -> None:
    for number in range(2):
        bring(nord, place=f"Brücke {number}")
        move(nord, "review")
        move(nord, "accepted")
    with nord.inside():
        slugs = set(SolutionTeam.objects.values_list("slug", flat=True))
    assert len([slug for slug in slugs if slug.startswith("idee-")]) == 2


def test_the_desk_tells_what_is_wrong_with_a_text_or_a_title(nord: District) -> None:
    bring(nord, title="\ufdfa" * 110)
    long = desk(nord, "review", note="x" * 5000)()
    assert long.status_code == 200
    assert "zu lang" in long.content.decode()
    assert desk(nord, "review", note="")().status_code == 302
    assert desk(nord, "accepted", note="Ja.")().status_code == 302
    assert latest(nord).state == "accepted"


def test_two_deciding_at_once_do_not_overrule_each_other(nord: District) -> None:
    bring(nord)
    move(nord, "review")
    late = desk(nord, "accepted", note="Ja.")
    move(nord, "declined")
    page = late().content.decode()
    assert "Jemand war schneller" in page
    assert "Der Stand ist jetzt: abgelehnt" in page
    assert latest(nord).state == "declined"
