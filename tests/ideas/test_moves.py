"""What every step of an idea does besides moving it: a lock, a mail, a line in the log."""

from collections.abc import Callable
from typing import Any

import pytest

from directory.ideas import services
from directory.ideas.models import Idea, IdeaStep
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, MESSAGE, District, idea_form
from tests.conversations.reading import reader
from tests.locks import row_locks
from wiq.audit.models import Entry
from wiq.mail.models import Message

NOTE = "Ein Satz, den alle verstehen."
LONG = "Sehr lange erzählt. " * 250
Step = Callable[[Idea], Any]
STEPS: dict[str, tuple[str, Step]] = {
    "begin_review": ("received", lambda i: services.begin_review(i, actor="kim", note=NOTE)),
    "ask_back": ("review", lambda i: services.ask_back(i, actor="kim", note=NOTE)),
    "decide_for": ("review", lambda i: services.decide_for(i, actor="kim", note=NOTE)),
    "decide_against": ("review", lambda i: services.decide_against(i, actor="kim", note=NOTE)),
    "withdraw": ("review", lambda i: services.withdraw(i, actor="kim", note=NOTE)),
    "write_to_bringer": (
        "declined",
        lambda i: services.write_to_bringer(i, actor="kim", note=NOTE),
    ),
    "reply": ("needs_info", lambda i: services.reply(i, NOTE)),
    "call_spam": ("received", lambda i: services.call_spam(i, actor="kim")),
    "anonymise": ("declined", lambda i: services.anonymise(i, actor="kim")),
}
LOG: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "begin_review": [("idea.state", "kim", {"from": "received", "to": "review"})],
    "ask_back": [("idea.state", "kim", {"from": "review", "to": "needs_info"})],
    "decide_for": [("idea.state", "kim", {"from": "review", "to": "accepted"})],
    "decide_against": [("idea.state", "kim", {"from": "review", "to": "declined"})],
    "withdraw": [("idea.state", "kim", {"from": "review", "to": "withdrawn"})],
    "write_to_bringer": [("idea.message", "kim", {})],
    "reply": [("idea.reply", "resident", {})],
    "call_spam": [("idea.state", "kim", {"from": "received", "to": "spam"})],
    "anonymise": [("idea.anonymised", "kim", {})],
}
# To whom, of what kind, and how the subject begins.
TOLD: dict[str, list[tuple[str, str, str]]] = {
    "begin_review": [("erika@beispiel.example", "ideas.bringer.moved", "Neues zu Ihrer Idee")],
    "ask_back": [("erika@beispiel.example", "ideas.bringer.moved", "Wir haben eine Frage")],
    "decide_for": [("erika@beispiel.example", "ideas.bringer.moved", "Neues zu Ihrer Idee")],
    "decide_against": [("erika@beispiel.example", "ideas.bringer.moved", "Neues zu Ihrer Idee")],
    "withdraw": [("ut@nord.example", "ideas.team.withdrawn", "Zurückgezogen: Idee")],
    "write_to_bringer": [("erika@beispiel.example", "ideas.bringer.moved", "Neues zu Ihrer Idee")],
    "reply": [("ut@nord.example", "ideas.team.reply", "Antwort zur Idee")],
    "call_spam": [],
}


def brought(district: District, state: str = "received", **changes: Any) -> Idea:
    """Bring an idea and put it where a step begins."""
    assert district.client().post("/idee/", idea_form(**changes)).status_code == 303
    with district.inside():
        Idea.objects.filter(state="received").update(state=state)
        return Idea.objects.latest("pk")


@pytest.mark.parametrize("step", STEPS)
def test_two_who_take_a_step_at_once_take_it_one_after_the_other(nord: District, step: str) -> None:
    state, take = STEPS[step]
    idea = brought(nord, state)
    with nord.inside(), row_locks() as locked:
        take(idea)
    assert "ideas_idea" in locked


@pytest.mark.parametrize("step", LOG)
def test_the_log_says_what_happened_to_an_idea_and_who_did_it(nord: District, step: str) -> None:
    state, take = STEPS[step]
    idea = brought(nord, state)
    with nord.inside():
        log = Entry.objects.filter(target_type="ideas.idea", target_id=str(idea.pk))
        assert list(log.values_list("action", "actor")) == [("idea.accepted", "resident")]
        take(idea)
        later = log.exclude(action="idea.accepted").order_by("pk")
        assert list(later.values_list("action", "actor", "details")) == LOG[step]


@pytest.mark.parametrize("step", TOLD)
def test_the_other_side_is_told_and_reads_the_text(
    nord: District, step: str, no_way_in: None
) -> None:
    state, take = STEPS[step]
    idea = brought(nord, state)
    with nord.inside():
        before = Message.objects.latest("pk").pk
        take(idea)
        mails = Message.objects.filter(pk__gt=before).order_by("pk")
        assert [(mail.to, mail.kind) for mail in mails] == [told[:2] for told in TOLD[step]]
        for mail, (_to, _kind, begins) in zip(mails, TOLD[step], strict=True):
            assert mail.subject.startswith(begins)
            assert idea.reference in mail.subject
            if step != "withdraw":
                assert NOTE in mail.text
                assert NOTE in mail.html
            # A program answers nobody: what the team writes back goes to the bringer.
            expected = "erika@beispiel.example" if mail.to == "ut@nord.example" else ""
            assert mail.reply_to == expected


@pytest.mark.parametrize("step", ["ask_back", "write_to_bringer", "reply", "decide_against"])
def test_the_history_keeps_who_wrote_what(nord: District, step: str) -> None:
    state, take = STEPS[step]
    idea = brought(nord, state)
    with nord.inside():
        take(idea)
        first, last = IdeaStep.objects.order_by("pk")
        assert (first.kind, first.state, first.made_by) == ("move", "received", "resident")
        assert (last.note, last.made_by) == (NOTE, "resident" if step == "reply" else "kim")
        assert last.state == Idea.objects.get().state


def test_who_left_a_phone_number_alone_gets_no_mail_and_the_team_does(nord: District) -> None:
    idea = brought(nord, email="", phone="0341 123456")
    with nord.inside():
        services.begin_review(idea, actor=ACTOR, note=NOTE)
        assert {mail.to for mail in Message.objects.all()} == {"ut@nord.example"}


def test_an_idea_that_is_no_spam_after_all_is_mailed_once(nord: District) -> None:
    idea = brought(nord, website="http://spam.example")
    with nord.inside():
        assert not Message.objects.exists()
        for call in (services.call_no_spam, services.call_spam, services.call_no_spam):
            call(idea, actor=ACTOR)
        kinds = sorted(Message.objects.values_list("kind", flat=True))
        assert kinds == ["ideas.bringer.received", "ideas.team.new"]
        services.call_no_spam(idea, actor=ACTOR)
        assert Entry.objects.filter(action="idea.state").count() == 3


@pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn"])
def test_what_is_decided_takes_no_answer(nord: District, state: str) -> None:
    idea = brought(nord, state)
    page = nord.client().get(f"/idee/{idea.token}/").content.decode()
    assert 'name="antwort"' not in page
    late = nord.client().post(f"/idee/{idea.token}/", {"antwort": "Noch etwas."})
    assert late.status_code == 422
    with nord.inside():
        assert IdeaStep.objects.count() == 1
        assert Idea.objects.get().state == state


@pytest.mark.parametrize("state", ["received", "review", "needs_info"])
def test_what_is_open_takes_an_answer_and_a_question_is_answered_by_it(
    nord: District, state: str
) -> None:
    idea = brought(nord, state)
    path = f"/idee/{idea.token}/"
    answer = reader(nord, path).post(path, {"antwort": "Am Baum."})
    assert answer.status_code == 303
    with nord.inside():
        assert Idea.objects.get().state == ("review" if state == "needs_info" else state)
        assert IdeaStep.objects.latest("pk").note == "Am Baum."


def test_a_bringer_takes_an_idea_back_in_the_own_name(nord: District) -> None:
    idea = brought(nord)
    nord.client().post(f"/idee/{idea.token}/", {"was": "zurueckziehen"})
    with nord.inside():
        assert Entry.objects.get(action="idea.state").actor == "resident"


def test_the_longest_idea_becomes_a_draft_and_leaves_nothing_in_it_once_forgotten(
    nord: District,
) -> None:
    idea = brought(nord, "review", description=LONG)
    with nord.inside():
        team = services.decide_for(idea, actor=ACTOR, note=NOTE).solution_team
        assert team is not None
        assert team.challenge == ""
        team.challenge = idea.description[:4000]  # as drafts were made before
        solutions.save(team, actor=ACTOR)
        services.anonymise(idea, actor="kim")
        team.refresh_from_db()
        assert (team.challenge, team.place, team.text_key.strip()) == ("", "", "")
        assert Entry.objects.filter(action="solutionteam.updated", actor="kim").exists()


@pytest.mark.parametrize("change", ["published", "rewritten"])
def test_what_others_made_of_an_idea_stays_when_the_idea_is_forgotten(
    nord: District, change: str
) -> None:
    idea = brought(nord, "review")
    with nord.inside():
        team = services.decide_for(idea, actor=ACTOR, note=NOTE).solution_team
        assert team is not None
        if change == "published":
            team.challenge = MESSAGE
            solutions.save(team, actor=ACTOR)
            solutions.set_state(team, "running", actor=ACTOR)
        else:
            team.challenge = f"Es fehlt ein Platz. {MESSAGE}"
            solutions.save(team, actor=ACTOR)
        services.anonymise(idea, actor=ACTOR)
        kept = SolutionTeam.objects.get(pk=team.pk)
        assert MESSAGE in kept.challenge


def test_what_a_resident_types_stays_text_in_every_mail(nord: District) -> None:
    hostile = "<script>alert(1)</script> und mehr"
    idea = brought(nord, title="<b>Fett</b>", description=hostile, place="<i>hier</i>")
    with nord.inside():
        services.write_to_bringer(idea, actor=ACTOR, note=hostile)
        services.reply(idea, hostile)
        mails = list(Message.objects.exclude(kind="ideas.bringer.received"))
        assert len(mails) == 3
        for mail in mails:
            assert hostile in mail.text
            assert "&lt;script&gt;alert(1)" in mail.html
            for tag in ("<script>", "<b>", "<i>"):
                assert tag not in mail.html


def test_what_was_called_spam_by_mistake_is_where_an_answer_had_brought_it(nord: District) -> None:
    idea = brought(nord)
    with nord.inside():
        services.begin_review(idea, actor=ACTOR)
        services.ask_back(idea, actor=ACTOR, note=NOTE)
        services.reply(idea, NOTE)
        services.call_spam(idea, actor=ACTOR)
        assert services.call_no_spam(idea, actor=ACTOR).state == "review"
