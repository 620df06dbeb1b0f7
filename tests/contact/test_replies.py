"""A reply of the team quotes the team's mail, links and all: the resident can do nothing with it.

The replies are stored as Gmail, Outlook, Thunderbird and Apple Mail write them; what they quote is
filled in from the mail that the catcher really got.
"""

import html
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from directory.contact.models import ContactRequest, LinkCode
from tests.cast import MESSAGE, District, form
from tests.contact.codes import ask
from tests.conversations.mailing import AUTHSERV, receive
from tests.mails import bodies, caught, deliver_all
from wiq.inbound.mailboxes import Outcome
from wiq.mail.models import Message

REPLIES = sorted((Path(__file__).parent / "replies").glob("*.eml"))
RESIDENT = "erika@beispiel.example"
SAFE = "https://eur05.safelinks.protection.outlook.com/?url="
HREF = re.compile(r'href="([^"]*)"')


def rewritten(page: str) -> str:
    """Return HTML as Outlook quotes it where an organisation has links checked."""
    links = HREF.sub(
        lambda found: f'href="{SAFE}{quote(html.unescape(found[1]), safe="")}&amp;data=05"', page
    )
    return links.partition("<body")[2].partition(">")[2].partition("</body>")[0]


def with_links_behind(page: str) -> str:
    """Return the text that Outlook makes of HTML: ``words<address>``."""
    named = re.sub(r'<a\s[^>]*?href="([^"]*)"[^>]*>([^<]*)</a>', r"\2&lt;\1&gt;", page)
    return html.unescape(re.sub(r"<[^>]+>", "", named.partition("<body")[2]))


FILL: dict[str, Callable[[EmailMessage], str]] = {
    "to": lambda mail: mail["Reply-To"],
    "subject": lambda mail: mail["Subject"],
    "id": lambda mail: mail["Message-ID"],
    "references": lambda mail: mail["References"],
    "html": lambda mail: bodies(mail)[1],
    'text, each line after "> "': lambda mail: re.sub("(?m)^", "> ", bodies(mail)[0]),
    'html as text, each link after its words in "<>"': lambda mail: with_links_behind(
        bodies(mail)[1]
    ),
    "html, links through safelinks.protection.outlook.com": lambda mail: rewritten(bodies(mail)[1]),
}


def reply_to(mail: EmailMessage, stored: Path) -> EmailMessage:
    """Return the stored reply with what it quotes of a mail."""
    filled = re.sub(r"\{\{(.+?)\}\}", lambda found: FILL[found[1]](mail), stored.read_text())
    return cast(EmailMessage, message_from_bytes(filled.encode(), policy=policy.default))


def addresses_in(reply: EmailMessage) -> set[str]:
    """Return every address of the web that stands in a reply, for whoever presses on it."""
    found = set()
    for part in reply.walk():
        if part.get_content_maintype() != "text":
            continue
        content = part.get_content()
        if part.get_content_subtype() == "html":
            content = html.unescape(" ".join(HREF.findall(content)))
        found |= set(re.findall(r'https?://[^\s"<>]+', content))
    checked = {parse_qs(urlsplit(url).query)["url"][0] for url in found if url.startswith(SAFE)}
    return {url for url in found if not url.startswith(SAFE)} | checked


@pytest.fixture
def mail(nord: District, maildir: Path) -> EmailMessage:
    """Return the mail that the team got, as the catcher has it."""
    nord.client().post("/kontakt/", form(email=RESIDENT))
    deliver_all(nord)
    with nord.inside():
        reference = ContactRequest.objects.get().reference
    return next(m for m in caught(maildir, "ut@nord.example") if reference in m["Subject"])


def tried(nord: District, path: str) -> list[Any]:
    """Press everything that a resident can press on the page of a link."""
    code = ask(nord, path)
    wrong = "000000" if code != "000000" else "111111"
    posts = [{}, {"code": ""}, {"code": wrong}, {"was": "code", "code": wrong}, {"was": "taken"}]
    return [nord.client().get(path), *(nord.client().post(path, posted) for posted in posts)]


@pytest.mark.parametrize("stored", REPLIES, ids=lambda stored: stored.stem)
def test_with_a_reply_of_the_team_a_resident_changes_nothing(
    no_way_in: None, nord: District, mail: EmailMessage, stored: Path
) -> None:
    reply = reply_to(mail, stored)
    assert reply["To"] == RESIDENT
    paths = {urlsplit(url).path for url in addresses_in(reply)}
    # The reply does carry the team's links: programs quote them, and nobody cuts them off.
    assert len([path for path in paths if path.startswith("/kontakt/bearbeiten/")]) == 2
    for path in paths:
        for answer in tried(nord, path):
            page = answer.content.decode()
            assert "ut@nord.example" not in page
            assert "Danke!" not in page
    with nord.inside():
        assert ContactRequest.objects.get().state == "new"
        codes = Message.objects.filter(kind="contact.code")
        assert {code.to for code in codes} == {"ut@nord.example"}


@pytest.mark.parametrize("stored", REPLIES, ids=lambda stored: stored.stem)
def test_the_resident_gets_the_teams_words_and_nothing_that_they_quote(
    nord: District, mail: EmailMessage, stored: Path, settings: Any
) -> None:
    settings.WIQ_INBOUND_AUTHSERV = AUTHSERV
    reply = reply_to(mail, stored)
    del reply["From"]
    reply["From"] = "ut@nord.example"
    verdict = f"Authentication-Results: {AUTHSERV}; dmarc=pass header.from=nord.example\n"
    assert receive(verdict.encode() + reply.as_bytes()) == Outcome.JOINED
    with nord.inside():
        answer = Message.objects.get(kind="conversations.answer")
    assert "Kommen Sie am Dienstag vorbei!" in answer.text
    for body in (answer.text, answer.html):
        assert "/kontakt/bearbeiten/" not in body
        assert MESSAGE not in body


def test_there_is_a_reply_of_each_program() -> None:
    assert [s.stem for s in REPLIES] == ["apple_mail", "gmail", "outlook", "thunderbird"]


def test_a_code_acts_once_and_for_its_own_link_alone(
    nord: District, sued: District, mail: EmailMessage
) -> None:
    taken, answered = re.findall(r"/kontakt/bearbeiten/\S+", bodies(mail)[0])
    code = ask(nord, taken)
    typed = {"code": f" {code[:3]} {code[3:]} ", "name": "Sabine"}
    assert nord.client().post(taken, typed).status_code == 200
    assert nord.client().post(answered, {"code": code}).status_code == 422
    with nord.inside():
        assert ContactRequest.objects.get().state == "taken"
        assert LinkCode.objects.get().used_at is not None
    with sued.inside():
        assert not LinkCode.objects.exists()


def test_after_five_wrong_ones_the_right_one_does_not_act(
    nord: District, mail: EmailMessage
) -> None:
    taken = re.findall(r"/kontakt/bearbeiten/\S+", bodies(mail)[0])[0]
    code = ask(nord, taken)
    wrong = "000000" if code != "000000" else "111111"
    for _index in range(5):
        assert nord.client().post(taken, {"code": wrong, "name": "Sabine"}).status_code == 422
    assert nord.client().post(taken, {"code": code, "name": "Sabine"}).status_code == 422
    with nord.inside():
        assert ContactRequest.objects.get().state == "new"


def test_nobody_fills_the_mailbox_of_the_team(nord: District, mail: EmailMessage) -> None:
    taken = re.findall(r"/kontakt/bearbeiten/\S+", bodies(mail)[0])[0]
    assert nord.client().post(taken, {"was": "code"}).status_code == 200
    # Not before a minute is over,
    assert nord.client().post(taken, {"was": "code"}).status_code == 422
    # and not more than five a day.
    assert [bool(ask(nord, taken)) for _index in range(5)] == [True] * 4 + [False]
    with nord.inside():
        assert Message.objects.filter(kind="contact.code").count() == 5


def test_whoever_is_signed_in_moves_it_at_the_desk(nord: District, mail: EmailMessage) -> None:
    taken = re.findall(r"/kontakt/bearbeiten/\S+", bodies(mail)[0])[0]
    desk = "/koordination/posteingang/"
    page = nord.client().get(taken).content.decode()
    path = re.findall(rf'href="({desk}[A-Z0-9-]+/)"', page)[0]
    assert nord.client().get(path).status_code == 302
    assert nord.signed_in("coordinator").get(path).status_code == 200
