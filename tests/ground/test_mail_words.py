"""Text and HTML of a mail say the same: the same links, and every sentence of the one in the other.

In HTML a button has its link behind it; where the text says "Beantwortet:" and the address below,
the button says "Beantwortet".
"""

import html
import re

from directory.ideas import services as ideas
from directory.ideas.models import Idea
from directory.solutions import mails as solutions
from tests.cast import ACTOR, District, form, idea_form
from wiq.mail.models import Message

LINK = re.compile(r"https?://[^\s\"<>]+")
SENTENCE = re.compile(r"[^.?!:]+[.?!]")


TAG = re.compile(r"<[^>]+>")


def body_of(page: str) -> str:
    return re.sub(r"(?s)<head>.*?</head>", "", page)


def plain(page: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", body_of(page))).split())


def every_mail(district: District) -> list[Message]:
    """Have every template of a district's rooms written."""
    client = district.client()
    for path in ("/kontakt/", "/en/kontakt/"):
        client.post(path, form(message=f"Guten Tag, eine Bank bitte {path}"))
        client.post(path, form(message=f"Bitte rufen Sie an {path}", email="", phone="0341 123456"))
    client.post("/idee/", idea_form())
    with district.inside():
        idea = Idea.objects.get()
        ideas.begin_review(idea, actor=ACTOR, note="Wir lesen sie.")
        ideas.ask_back(idea, actor=ACTOR, note="Wo genau?")
        ideas.reply(Idea.objects.get(), "Am Kanal.")
        ideas.withdraw(Idea.objects.get(), actor=ACTOR, note="Danke.")
        solutions.write_question(district.solution_team())
        return list(Message.objects.all())


def test_text_and_html_have_the_same_links_and_sentences(nord: District) -> None:
    mails = every_mail(nord)
    assert len({mail.kind for mail in mails}) >= 7
    for mail in mails:
        assert set(LINK.findall(mail.text)) == set(LINK.findall(html.unescape(mail.html)))
        text, shown = " ".join(mail.text.split()), plain(mail.html)
        without_links = re.sub("-{4,}", ":", LINK.sub(":", text))
        missing = [s.strip() for s in SENTENCE.findall(without_links) if s.strip() not in shown]
        assert missing == [], mail.kind
        parts = [" ".join(html.unescape(part).split()) for part in TAG.split(body_of(mail.html))]
        extra = [s.strip() for part in parts for s in SENTENCE.findall(part)]
        assert [s for s in extra if s not in text and s not in mail.subject] == [], mail.kind
