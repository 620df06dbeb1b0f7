"""Every kind of signed link: for one purpose, one district, one term, and acting once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.signing import BadSignature, SignatureExpired
from django.utils import timezone

from directory.contact import answering, helped, referring
from directory.contact import links as contact
from directory.contact.models import ContactRequest
from directory.following import mails as following
from directory.following import services as followers
from directory.following.models import Subscription
from directory.ideas import helped as idea_helped
from directory.ideas.models import Idea
from directory.solutions import mails as solutions
from tenants.districts import preview
from tenants.visits import support
from tests.audited import said
from tests.cast import ACTOR, District, form, idea_form
from wiq.accounts import invitations
from wiq.accounts.roles import Role
from wiq.signing import words
from wiq.signing.links import SignedLink, UsedUp, declared


@dataclass
class Kind:
    """A kind of link with something it may hold, how to get one, and what its button does."""

    link: SignedLink[Any]
    held: tuple[Any, ...]
    made: Callable[[District], str]
    pressed: dict[str, str]
    recorded: str


def taken(nord: District) -> str:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        return contact.link(ContactRequest.objects.get(), "taken", 0)


def followed(nord: District) -> str:
    with nord.inside():
        followers.subscribe(email="folgt@nord.example", solution_team=None, language="de")
        return following.confirm_url(Subscription.objects.get())


def asked(nord: District) -> str:
    with nord.inside():
        return solutions.confirm_url(nord.solution_team())


def invited(nord: District) -> str:
    with nord.inside():
        made = invitations.invite(email="kim@neu.example", role=Role.EDITOR, actor=ACTOR)
        return invitations.link(made)


def visited(nord: District) -> str:
    return support.open_visit(nord.row, reason="Hilfe", minutes=30, actor=ACTOR)


def idea_helped_by(nord: District) -> str:
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        return idea_helped.LINK.url(idea_helped.Asked(Idea.objects.get().pk))


def helped_by(nord: District) -> str:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        request = ContactRequest.objects.get()
        answering.answer(request, text="Die Bank kommt.", actor=ACTOR)
        return helped.LINK.url(helped.Asked(request.pk))


def referred(nord: District) -> str:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        there = referring.other_districts()[0]
        made = referring.ask(ContactRequest.objects.get(), to=there, text="", actor=ACTOR)
        return referring.LINK.url(referring.Question(made.pk))


def previewed(nord: District) -> str:
    with nord.inside():
        return preview.link(nord.row)


NEW = {"name": "Kim Neu", "password": "ein ganzer Satz als Passwort"}
KINDS = [
    Kind(contact.LINK, (7, "taken", 0), taken, {}, "contactrequest.state"),
    Kind(following.CONFIRM, (7,), followed, {}, "subscription.confirmed"),
    Kind(solutions.CONFIRM, (7, "0a", ""), asked, {"antwort": "stimmt"}, "solutionteam.confirmed"),
    Kind(invitations.LINK, (7, 1), invited, NEW, "invitation.accepted"),
    Kind(support.LINK, ("0a",), visited, {}, "support.entered"),
    Kind(preview.LINK, (7,), previewed, {}, ""),
    Kind(helped.LINK, (7,), helped_by, {"was": "ja"}, "contactrequest.helped"),
    Kind(idea_helped.LINK, (7,), idea_helped_by, {"was": "ja"}, "idea.helped"),
    Kind(referring.LINK, (7,), referred, {"was": "nein"}, "contactrequest.referral_declined"),
]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.link.purpose)
acting = pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS if kind.link.used_up is not UsedUp.LOOKS],
    ids=lambda kind: kind.link.purpose,
)


def test_there_is_no_other_kind() -> None:
    assert {kind.link.purpose for kind in KINDS} == set(declared)
    with pytest.raises(ValueError, match=contact.LINK.purpose):
        SignedLink(contact.LINK.purpose, contact.Move, 1, "contact:link", UsedUp.STATE)
    assert declared[contact.LINK.purpose] is contact.LINK


@every_kind
def test_a_link_holds_what_it_was_given_until_its_term_is_over(nord: District, kind: Kind) -> None:
    start, term = timezone.now().replace(microsecond=0), timedelta(days=kind.link.days)
    with nord.inside():
        with time_machine.travel(start, tick=False):
            word = kind.link.sign(kind.link.holds(*kind.held))
        with time_machine.travel(start + term, tick=False):
            assert kind.link.read(word) == kind.held
        late = start + term + timedelta(seconds=1)
        with time_machine.travel(late, tick=False), pytest.raises(SignatureExpired):
            kind.link.read(word)


@every_kind
def test_a_forged_word_or_one_of_another_district_or_purpose_is_not_read(
    nord: District, sued: District, kind: Kind
) -> None:
    with sued.inside():
        foreign = kind.link.sign(kind.link.holds(*kind.held))
    with nord.inside():
        good = kind.link.sign(kind.link.holds(*kind.held))
        other = words.sign("something.else", list(kind.held))
        forged = good[:-1] + ("A" if good[-1] != "A" else "B")
        for word in (foreign, other, forged, good[1:], "", "a:b:c"):
            with pytest.raises(BadSignature) as refused:
                kind.link.read(word)
            assert not isinstance(refused.value, SignatureExpired)
            assert kind.link.held_or_none(word) is None


@every_kind
@pytest.mark.parametrize("wrong", [[], {}, None, [True], ["x"] * 9, [[7], "taken", 0]])
def test_a_word_of_another_shape_is_not_read(nord: District, kind: Kind, wrong: Any) -> None:
    with nord.inside(), pytest.raises(BadSignature):
        kind.link.read(words.sign(kind.link.purpose, wrong))


@every_kind
def test_a_link_mailed_before_districts_had_keys_holds_for_its_term(
    nord: District, sued: District, kind: Kind
) -> None:
    start, term = timezone.now().replace(microsecond=0), timedelta(days=kind.link.days)
    bare = kind.held[0] if len(kind.held) == 1 else list(kind.held)
    with time_machine.travel(start, tick=False):
        salt = f"wiq:{nord.row.schema_name}:{kind.link.purpose}"
        word = signing.dumps(bare, salt=salt)
    with nord.inside():
        with time_machine.travel(start + term, tick=False):
            assert kind.link.read(word) == kind.held
        late = start + term + timedelta(seconds=1)
        with time_machine.travel(late, tick=False), pytest.raises(SignatureExpired):
            kind.link.read(word)
    with sued.inside(), pytest.raises(BadSignature):
        kind.link.read(word)


@acting
def test_a_link_that_acts_acts_once(nord: District, kind: Kind) -> None:
    path = kind.made(nord).partition("localhost:8000")[2]
    for _time in range(2):
        assert nord.client().post(path, kind.pressed).status_code in (200, 302, 410, 422)
        with nord.inside():
            assert len(said(kind.recorded)) == 1


@every_kind
def test_opening_a_link_changes_nothing(nord: District, kind: Kind) -> None:
    path = kind.made(nord).partition("localhost:8000")[2]
    with nord.inside():
        before = said("")
    assert nord.client().get(path).status_code in (200, 302)
    with nord.inside():
        assert said("") == before


def test_a_question_mailed_before_it_said_when_it_was_asked_is_still_answered(
    nord: District,
) -> None:
    with nord.inside():
        whole = solutions.CONFIRM.read(asked(nord).rstrip("/").rpartition("/")[2])
        word = words.sign(solutions.CONFIRM.purpose, list(whole[:2]))
    for _time in range(2):
        answer = nord.client().post(
            f"/loesungsteams/stimmt-das-noch/{word}/", {"antwort": "stimmt"}
        )
        assert "Danke!" in answer.content.decode()
    with nord.inside():
        assert len(said("solutionteam.confirmed")) == 1


def test_a_question_that_was_answered_notes_no_second_answer_half_a_year_later(
    nord: District,
) -> None:
    path = asked(nord).partition("localhost:8000")[2]
    days = []
    for days_later in (0, 100):
        with time_machine.travel(timezone.now() + timedelta(days=days_later), tick=False):
            answer = nord.client().post(path, {"antwort": "stimmt"})
            assert "Danke!" in answer.content.decode()
        with nord.inside():
            days.append(nord.solution_team().confirmed_at)
    assert days[0] == days[1]
