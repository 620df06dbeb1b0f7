"""Mails that did not arrive: corrected where they were mistyped, and sent again."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db.models.functions import Now

from directory.contact.models import ContactRequest
from directory.following import services as following
from directory.following.models import Subscription
from tests.audited import said
from tests.cast import ACTOR, District, form
from tests.desk.test_today import page
from tests.editing.pressing import buttons_of, press
from tests.mails import caught, deliver_all
from wiq.accounts import invitations
from wiq.accounts.roles import Role
from wiq.mail import resending
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State

LIST = "/koordination/mail/message/"
# The catcher keeps the mails of all tests: to these addresses nobody else writes.
WRONG, RIGHT = "erika@vertippt-hier.example", "erika@richtig-hier.example"


def refuse_all() -> None:
    Pointer.objects.update(
        state=State.DEAD, done_at=Now(), last_error="SMTP 550 5.1.1: recipient refused"
    )


def written(district: District, to: str) -> Message:
    with district.inside():
        return Message.objects.get(to=to)


def url_of(message: Message) -> str:
    return f"{LIST}{message.pk}/change/"


def test_a_mistyped_address_is_corrected_at_its_source_and_the_mail_goes_there(
    nord: District, maildir: Path
) -> None:
    nord.client().post("/kontakt/", form(email=WRONG))
    refuse_all()
    message = written(nord, WRONG)
    client = nord.signed_in("coordinator")
    assert url_of(message) in page(nord)
    shown = client.get(url_of(message)).content.decode()
    assert "nimmt für diese Adresse nichts an (SMTP 550)" in shown
    with nord.inside():
        request = ContactRequest.objects.get()
        token = request.token
    assert token not in shown
    url = f"/koordination/contact/contactrequest/{request.pk}/change/"
    assert f'href="{url}"' in shown
    assert f'href="{url_of(message)}"' in client.get(url).content.decode()
    press(client, url_of(message), "send:readdress", address=RIGHT)
    with nord.inside():
        assert ContactRequest.objects.get().email == RIGHT
        assert said("message.")[-1][0] == "message.readdressed"
        assert said("contactrequest.updated")
    deliver_all(nord)
    (arrived,) = caught(maildir, RIGHT)
    assert token in arrived.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert caught(maildir, WRONG) == []


def test_a_team_mail_goes_elsewhere_and_the_residents_address_stays(
    nord: District, maildir: Path
) -> None:
    nord.client().post("/kontakt/", form(email=WRONG))
    refuse_all()
    with nord.inside():
        message = Message.objects.exclude(to=WRONG).get()
        sent = resending.correct_address(message, "neu@team.example", actor=ACTOR)
        assert [one.to for one in sent] == ["neu@team.example"]
        assert ContactRequest.objects.get().email == WRONG
    deliver_all(nord)
    assert len(caught(maildir, "neu@team.example")) == 1


def test_a_mail_is_sent_again_as_it_is(nord: District, maildir: Path) -> None:
    nord.client().post("/kontakt/", form(email=WRONG))
    refuse_all()
    client, message = nord.signed_in("coordinator"), written(nord, WRONG)
    press(client, url_of(message), "send:again")
    deliver_all(nord)
    assert len(caught(maildir, WRONG)) == 1
    assert buttons_of(client.get(url_of(message)).content.decode()) == []
    with nord.inside():
        assert said("message.") == [("message.sent_again", "coordinator@nord.example")]
        for act in (resending.send_again, lambda one, actor: resending.correct_address(
                one, RIGHT, actor=actor)):  # fmt: skip
            with pytest.raises(ValidationError, match="schon angenommen"):
                act(message, actor=ACTOR)


def test_what_is_no_address_changes_nothing(nord: District) -> None:
    nord.client().post("/kontakt/", form(email=WRONG))
    refuse_all()
    message, client = written(nord, WRONG), nord.signed_in("coordinator")
    for typed in ("", "erika", "a@b.example, c@d.example"):
        press(client, url_of(message), "send:readdress", address=typed)
        with nord.inside(), pytest.raises(ValidationError):
            resending.correct_address(message, typed, actor=ACTOR)
    with nord.inside():
        message.refresh_from_db()
        assert (message.to, ContactRequest.objects.get().email) == (WRONG, WRONG)
    assert not Pointer.objects.exclude(state=State.DEAD).exists()


def test_what_opens_an_account_goes_to_nobody_else(nord: District) -> None:
    with nord.inside():
        invitations.invite(email="neu@b.example", name="Neu", role=Role.EDITOR, actor=ACTOR)
        mail.enqueue(kind="password_reset_key_message", to="alt@b.example", subject="S", text="T")
        refuse_all()
        for address in ("neu@b.example", "alt@b.example"):
            message = Message.objects.get(to=address)
            with pytest.raises(ValidationError, match="öffnet ein Konto"):
                resending.correct_address(message, RIGHT, actor=ACTOR)
    shown = nord.signed_in("coordinator").get(url_of(message)).content.decode()
    assert buttons_of(shown) == ["send:again"]


def test_an_address_that_its_owner_confirmed_is_not_changed_by_others(nord: District) -> None:
    with nord.inside():
        following.subscribe(email=WRONG, solution_team=None, language="de")
        refuse_all()
        Subscription.objects.update(confirmed_at=Now())
        message = Message.objects.get(to=WRONG)
        with pytest.raises(ValidationError, match="selbst bestätigt"):
            resending.correct_address(message, RIGHT, actor=ACTOR)
        message.refresh_from_db()
        assert (message.to, Subscription.objects.get().email) == (WRONG, WRONG)


def test_the_list_holds_what_is_stuck_here_and_editors_see_none(
    nord: District, sued: District
) -> None:
    for district in (nord, sued):
        with district.inside():
            mail.enqueue(kind="test", to="r@b.example", subject=district.slug, text="Text")
            mail.enqueue(kind="test", to="r@b.example", subject="wartet", text="Text")
    Pointer.objects.filter(
        message_uuid__in=[m.uuid for d in (nord, sued) for m in _of(d)]
    ).update(state=State.DEAD)  # fmt: skip
    shown = nord.signed_in("coordinator").get(LIST).content.decode()
    assert ("nord</a>" in shown, "sued</a>" in shown, "wartet</a>" in shown) == (True, False, False)
    assert nord.signed_in("editor").get(LIST).status_code == 403


def _of(district: District) -> list[Message]:
    with district.inside():
        return list(Message.objects.filter(subject=district.slug))
