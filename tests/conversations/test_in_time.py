"""A resident is told by when to expect an answer, and nobody forgets that she waits."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from directory.contact import answering
from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.conversations import promises, reminding
from directory.conversations.models import Conversation, Via
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from tenants.districts import services as districts
from tenants.lifecycle import services as lifecycle
from tests.cast import ACTOR, District, form, idea_form, put
from tests.days import at
from wiq.accounts.models import User
from wiq.mail.models import Message

pytestmark = pytest.mark.usefixtures("no_budget")
ARRIVED = date(2026, 5, 4)  # a Monday


def sent(district: District, **changes: Any) -> ContactRequest:
    district.client().post("/kontakt/", form(**changes))
    with district.inside():
        return ContactRequest.objects.latest("pk")


def reminders() -> list[str]:
    return list(Message.objects.filter(kind="conversations.reminder").values_list("to", flat=True))


def later(days: int) -> Any:
    return at(ARRIVED + timedelta(days=days))


@pytest.mark.parametrize(
    ("arrived", "days", "last"),
    [
        (date(2026, 11, 30), 3, date(2026, 12, 3)),
        (date(2026, 11, 27), 3, date(2026, 12, 2)),  # a weekend between
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # came on a Saturday
        (date(2026, 11, 17), 1, date(2026, 11, 19)),  # Buß- und Bettag, in Saxony alone
        (date(2026, 10, 30), 1, date(2026, 11, 2)),  # Reformationstag
        (date(2026, 6, 3), 1, date(2026, 6, 4)),  # Fronleichnam is none in most of Saxony
        (date(2026, 12, 23), 3, date(2026, 12, 29)),
    ],
)
def test_working_days_leave_out_weekends_and_saxonys_holidays(
    arrived: date, days: int, last: date
) -> None:
    with at(arrived, 23):
        assert promises.last_day(timezone.now(), days) == last


def test_mail_and_page_say_by_when_as_the_district_promises(nord: District, sued: District) -> None:
    districts.update(nord.row, actor=ACTOR, answer_days=5)
    with at(ARRIVED):
        for district, day in ((nord, "11.\u00a0Mai"), (sued, "7.\u00a0Mai")):
            request = sent(district)
            district.client().post("/idee/", idea_form())
            with district.inside():
                idea = Idea.objects.get()
                mails = Message.objects.filter(to=request.email)
                assert [day in mail.text and day in mail.html for mail in mails] == [True, True]
            for path in (f"/kontakt/{request.token}/", f"/idee/{idea.token}/"):
                assert day in district.client().get(path).content.decode()
        english = sent(nord, language="en", message="May I plant a tree at the canal, please?")
        page = nord.client().get(f"/en/kontakt/{english.token}/").content.decode()
        assert "Monday, 11\u00a0May" in page
    with later(10):
        page = nord.client().get(f"/kontakt/{request.token}/").content.decode()
        assert "Mai 2026, bei Ihnen" not in page


def test_the_coordination_changes_its_promise_at_the_desk(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    url = "/koordination/leitfaden/postfach/"
    assert "Werktagen" in desk.get(url).content.decode()
    posted = {"was": "promise", "promise-answer_days": "7"}
    page = desk.get(url).context["forms"]
    form_ = dict(page)["promise"]
    posted |= (
        {form_.add_prefix("version"): form_["version"].value()} if "version" in form_.fields else {}
    )
    assert desk.post(url, posted).status_code == 302
    assert nord.row.answer_days == 7
    assert desk.post(url, posted | {"promise-answer_days": "0"}).status_code == 422
    assert nord.row.answer_days == 7


def test_who_took_it_is_reminded_first_then_everybody_and_each_once(
    nord: District, sued: District
) -> None:
    with at(ARRIVED):
        request = sent(nord)
        with nord.inside():
            User.objects.create(email="lou@nord.example", role="coordinator", name="Lou")
            kim = User.objects.get(email="coordinator@nord.example")
            answering.assign(request, to=kim, actor=kim)
    expected = {
        2: [],
        3: ["coordinator@nord.example"],
        4: [],
        7: ["coordinator@nord.example", "lou@nord.example"],
        14: [],
    }
    for days, addresses in expected.items():
        with later(days), nord.inside():
            Message.objects.filter(kind="conversations.reminder").delete()
            for _again in range(2):
                reminding.remind()
            assert sorted(reminders()) == addresses
            assert reminding.overdue().count() == 0
    with later(15):
        with nord.inside():
            assert reminding.overdue().count() == 1
        with sued.inside():
            assert reminding.remind() == reminding.overdue().count() == 0


def test_what_nobody_took_is_told_to_the_team_in_one_mail_without_her_words(
    nord: District,
) -> None:
    with at(ARRIVED):
        one, two = sent(nord), sent(nord, message="Und noch eine ganz andere Frage.")
        nord.client().post("/idee/", idea_form())
    with later(4), nord.inside():
        assert reminding.remind() == 1
        mail = Message.objects.get(kind="conversations.reminder")
        assert mail.to == "ut@nord.example"
        assert mail.subject == "3 Anfragen warten auf Antwort"
        assert one.reference in mail.text
        assert f"/koordination/posteingang/{two.reference}/" in mail.text
        assert "Bank" not in mail.text
        assert "Erika" not in mail.text


def test_an_answer_ends_the_reminders_and_a_reply_begins_them_anew(nord: District) -> None:
    with at(ARRIVED):
        request = sent(nord)
        nord.client().post("/idee/", idea_form())
        with nord.inside():
            idea = Idea.objects.get()
            ideas.begin_review(idea, actor=ACTOR)
    with later(4), nord.inside():
        reminding.remind()
        contact.set_state(request, "answered", actor=ACTOR)
    with later(8), nord.inside():
        assert reminding.remind() == 0
        answering.reply(request, text="Das war nicht meine Frage.", via=Via.PAGE)
        assert Conversation.objects.about(request).get().reminded == 0
    with later(12), nord.inside():
        assert reminding.remind() == 1


def test_she_is_told_once_that_it_takes_longer(nord: District, sued: District) -> None:
    with at(ARRIVED):
        waiting = sent(nord, language="en")
        answered = sent(nord, message="Eine andere Frage, bitte.", email="lisa@beispiel.example")
        sent(nord, email="", phone="0341 123456", message="Bitte rufen Sie mich an.")
        with nord.inside():
            kim = User.objects.get(email="coordinator@nord.example")
            answering.answer(answered, text="Ja, gern.", actor=kim)
            answering.reply(answered, text="Und wann?", via=Via.PAGE)
    with later(3), nord.inside():
        assert reminding.tell_of_delay() == 0
    with later(4):
        with nord.inside():
            assert reminding.tell_of_delay() == 1
            assert reminding.tell_of_delay() == 0
            mail = Message.objects.get(kind="conversations.delay")
            assert (mail.to, mail.language) == (waiting.email, "en")
            assert f"/en/kontakt/{waiting.token}/" in mail.text
            entry = Conversation.objects.about(waiting).get().entries.latest("pk")
            assert (entry.kind, entry.mail_uuid) == ("note", mail.uuid)
        with sued.inside():
            assert reminding.tell_of_delay() == 0


def test_a_district_that_is_not_public_mails_nothing_in_the_morning(nord: District) -> None:
    with at(ARRIVED):
        sent(nord)
    with later(8):
        with nord.inside():
            assert lifecycle.wake()["reminders"] == 1
        put(nord.row, "hidden")
        with nord.inside():
            Conversation.objects.update(reminded=0)
            assert set(lifecycle.wake().values()) == {0}
