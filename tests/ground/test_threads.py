"""In a mail program, what belongs to one request or idea hangs together, and nothing else does.

Threads as IMAP makes them (RFC 5256, REFERENCES): mails that name one another's ids.
"""

from email.message import EmailMessage
from pathlib import Path

import pytest

from directory.contact.models import ContactRequest
from directory.following import services as following
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from tests.cast import ACTOR, District, form, idea_form
from tests.contact.test_replies import REPLIES, reply_to
from tests.mails import caught, deliver_all
from wiq.mail import services as mail
from wiq.mail.models import Message

BRINGER = "faden@beispiel.example"


def threads(mails: list[EmailMessage]) -> list[set[str]]:
    """Return the threads of some mails, each as the ids that it holds or names."""
    found: list[set[str]] = []
    for one in mails:
        ids = {one["Message-ID"], *str(one["References"] or "").split()}
        joined = [thread for thread in found if thread & ids]
        found = [thread for thread in found if thread not in joined]
        found.append(ids.union(*joined))
    return found


def in_mailbox(maildir: Path, address: str, reference: str) -> list[EmailMessage]:
    return [m for m in caught(maildir, address) if reference in m["Subject"]]


def test_an_idea_with_its_questions_and_answers_is_one_thread_in_each_mailbox(
    nord: District, maildir: Path
) -> None:
    nord.client().post("/idee/", idea_form(email=BRINGER))
    with nord.inside():
        idea = Idea.objects.get()
        ideas.begin_review(idea, actor=ACTOR, note="Wir lesen sie.")
        ideas.ask_back(idea, actor=ACTOR, note="Wo genau?")
        ideas.reply(Idea.objects.get(), "Am Kanal.")
    deliver_all(nord)
    for address, count in ((BRINGER, 3), ("ut@nord.example", 2)):
        mails = in_mailbox(maildir, address, idea.reference)
        assert len(mails) == count
        assert len(threads(mails)) == 1
        by_id = {one["Message-ID"]: one for one in mails}
        followed = [one for one in mails if one["In-Reply-To"]]
        # Each follows one that this mailbox has; the first follows none.
        assert len(followed) == count - 1
        assert all(one["In-Reply-To"] in by_id for one in followed)


def test_an_answer_of_the_team_belongs_to_the_confirmation(nord: District, maildir: Path) -> None:
    nord.client().post("/kontakt/", form(email=BRINGER))
    deliver_all(nord)
    with nord.inside():
        reference = ContactRequest.objects.get().reference
    (team,) = in_mailbox(maildir, "ut@nord.example", reference)
    confirmation = in_mailbox(maildir, BRINGER, reference)
    for stored in REPLIES:
        assert len(threads([*confirmation, reply_to(team, stored)])) == 1


@pytest.mark.usefixtures("no_budget")
def test_two_requests_are_two_threads_and_news_are_none(nord: District, sued: District) -> None:
    heads = []
    for district in (nord, sued):
        for text in ("Guten Tag, eine Bank bitte.", "Guten Tag, ein Baum bitte."):
            district.client().post("/kontakt/", form(email=BRINGER, message=text))
        with district.inside():
            mails = Message.objects.filter(to=BRINGER)
            heads += [mail.thread_of(one)[0] for one in mails]
            following.subscribe(email=BRINGER, solution_team=None, language="de")
            asked = Message.objects.filter(to=BRINGER).latest("pk")
            assert mail.thread_of(asked) == []
    assert len(set(heads)) == len(heads) == 4
