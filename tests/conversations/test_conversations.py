"""A conversation holds what happened between a resident and the team, in order, for both sorts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from directory.contact import answering
from directory.contact import services as contact
from directory.contact.models import ContactRequest, ContactStep
from directory.conversations import addresses, holding, reading, services, writing
from directory.conversations.models import (
    Conversation,
    ConversationEntry,
    Draft,
    HeldMail,
    HeldReason,
    Turn,
    Via,
)
from directory.conversations.sorts import known_sort
from directory.ideas import answering as idea_answering
from directory.ideas import services as ideas
from directory.ideas.models import Idea, IdeaStep
from tests.audited import said
from tests.cast import ACTOR, District, form, idea_form
from wiq.accounts.models import User
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State


def coordinator(district: District) -> User:
    return User.objects.get(email=f"coordinator@{district.slug}.example")


def sent(district: District, **changes: Any) -> ContactRequest:
    district.client().post("/kontakt/", form(**changes))
    with district.inside():
        return ContactRequest.objects.latest("pk")


def kinds(about: Any) -> list[str]:
    found = Conversation.objects.about(about).get()
    return list(found.entries.order_by("at", "pk").values_list("kind", flat=True))


def test_a_request_and_an_idea_begin_a_conversation_with_their_own_words(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        for found in (ContactRequest.objects.get(), Idea.objects.get()):
            conversation = Conversation.objects.about(found).get()
            entry = conversation.entries.get()
            assert (entry.kind, entry.via) == ("message", "page")
            assert "Bank am Kanal" in entry.text
            assert (conversation.reference, conversation.turn) == (found.reference, Turn.OURS)


def test_an_answer_is_mailed_in_her_language_moves_the_request_and_takes_it(nord: District) -> None:
    request = sent(nord, language="en")
    with nord.inside():
        kim = coordinator(nord)
        entry = answering.answer(request, text="Yes, gladly.", actor=kim)
        request.refresh_from_db()
        mail = Message.objects.get(kind="conversations.answer")
        assert (request.state, mail.to, mail.language) == ("answered", request.email, "en")
        assert entry.mail_uuid == mail.uuid
        assert mail.reply_to == Message.objects.get(kind="contact.team").reply_to
        assert "Yes, gladly." in mail.text
        assert "Bank am Kanal" not in mail.text  # the address may be another person's
        assert f"/en/kontakt/{request.token}/" in mail.text
        conversation = Conversation.objects.about(request).get()
        assert (conversation.turn, conversation.assignee) == (Turn.THEIRS, kim.pk)
        assert kinds(request) == ["message", "answer", "move"]
        assert said("conversation.answered") == [("conversation.answered", kim.email)]


def test_an_answer_that_is_pressed_twice_is_sent_once(nord: District) -> None:
    request = sent(nord)
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        kim = coordinator(nord)
        idea = Idea.objects.get()
        for found, room in ((request, answering), (idea, idea_answering)):
            first = room.answer(found, text="Ja, gern.", actor=kim)
            assert room.answer(found, text="Ja,  gern.\r\n", actor=kim) == first
            mails = Message.objects.about(found).filter(to=found.email, text__contains="Ja, gern.")
            assert mails.count() == 1
            assert room.answer(found, text="Und noch etwas.", actor=kim) != first
            # What somebody says again later is said again.
            with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
                assert room.answer(found, text="Und noch etwas.", actor=kim) != first
            assert kinds(found).count("answer") == 3


@pytest.mark.parametrize("state", [State.PENDING, State.SENT, State.DEAD])
def test_the_fate_of_an_answers_mail_is_told_beside_it(nord: District, state: State) -> None:
    request = sent(nord)
    with nord.inside():
        entry = answering.answer(request, text="Gern.", actor=coordinator(nord))
        Pointer.objects.filter(message_uuid=entry.mail_uuid).update(state=state)
        shown = reading.entries_of(Conversation.objects.about(request).get())
        expected = {State.PENDING: "waiting", State.SENT: "sent", State.DEAD: "failed"}[state]
        assert [one.fate for one in shown] == ["", expected, ""]


def test_who_left_only_a_phone_number_is_called_and_the_call_is_noted(nord: District) -> None:
    request = sent(nord, email="", phone="0341 123456")
    with nord.inside():
        kim = coordinator(nord)
        with pytest.raises(ValidationError, match="rufen Sie an"):
            answering.answer(request, text="Gern.", actor=kim)
        services.call(submission=request, text="Will am Freitag kommen.", actor=kim)
        services.note(submission=request, text="Hört schlecht.", actor=kim)
        assert kinds(request) == ["message", "call", "note"]
        with pytest.raises(ValidationError):
            services.note(submission=request, text=" ", actor=kim)


def test_a_request_is_taken_handed_on_and_handed_back(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        kim = coordinator(nord)
        other = User.objects.create(email="lou@nord.example", role="coordinator", name="Lou")
        editor = User.objects.get(email="editor@nord.example")
        found = Conversation.objects.about(request)
        answering.assign(request, to=kim, actor=kim)
        assert found.get().assignee == kim.pk
        answering.assign(request, to=other, actor=kim, text="Kannst du das?")
        request.refresh_from_db()
        assert (found.get().assignee, request.taken_by) == (other.pk, other.email)
        with pytest.raises(ValidationError):
            answering.assign(request, to=editor, actor=kim)
        answering.assign(request, to=None, actor=other)
        request.refresh_from_db()
        assert (found.get().assignee, request.state) == (None, "new")
        assert kinds(request).count("note") == 1


def test_a_locked_account_is_in_charge_of_nothing_the_next_morning(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        kim = coordinator(nord)
        answering.assign(request, to=kim, actor=kim)
        conversation = writing.conversation_of(request)
        services.keep_draft(conversation=conversation, text="Noch nicht fertig", actor=kim)
        assert services.release_of_gone_accounts() == 0
        assert Draft.objects.count() == 1
        User.objects.filter(pk=kim.pk).update(is_active=False)
        assert services.release_of_gone_accounts() == 1
        assert not Draft.objects.exists()
        assert Conversation.objects.about(request).get().assignee is None


def test_a_residents_reply_makes_it_the_teams_turn_and_the_same_mail_is_one_entry(
    nord: District,
) -> None:
    request = sent(nord)
    with nord.inside():
        kim = coordinator(nord)
        answering.answer(request, text="Gern.", actor=kim)
        for _again in range(2):
            answering.reply(request, text="Danke!", via=Via.MAIL, mail_digest="a" * 64)
        request.refresh_from_db()
        conversation = Conversation.objects.about(request).get()
        assert (request.state, conversation.turn) == ("taken", Turn.OURS)
        assert conversation.assignee == kim.pk
        assert kinds(request).count("message") == 2


def test_what_an_idea_goes_through_stands_in_its_conversation(nord: District) -> None:
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        idea, kim = Idea.objects.get(), coordinator(nord)
        ideas.begin_review(idea, actor=kim)
        ideas.ask_back(idea, actor=kim, note="Wo genau?")
        conversation = Conversation.objects.about(idea).get()
        assert conversation.turn == Turn.THEIRS
        sort = known_sort(conversation)
        sort.reply(idea, text="Am Kanal.", via=Via.MAIL, mail_digest="b" * 64)
        sort.reply(idea, text="Am Kanal.", via=Via.MAIL, mail_digest="b" * 64)
        sort.answer(idea, text="Danke, das passt.", actor=kim)
        assert kinds(idea) == ["message", "move", "move", "message", "answer"]
        assert Conversation.objects.about(idea).get().turn == Turn.OURS
        mailed = conversation.entries.exclude(mail_uuid=None).count()
        assert mailed == Message.objects.filter(kind="ideas.bringer.moved").count() == 3


def test_steps_and_requests_of_an_older_version_are_found_once(nord: District) -> None:
    request = sent(nord)
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        Conversation.objects.all().delete()  # as an older version leaves it
        ContactStep.objects.create(
            contact_request=request, kind="move", state="taken", made_by="kim@nord.example"
        )
        assert writing.catch_up() == 2
        assert writing.catch_up() == 0
        assert kinds(request) == ["message", "move"]
        idea = Idea.objects.get()
        IdeaStep.objects.create(idea=idea, kind="reply", state="received", note="Noch etwas.")
        writing.conversation_of(idea)
        writing.conversation_of(idea)
        assert kinds(idea) == ["message", "message"]


def test_a_draft_is_kept_for_its_writer_until_the_answer_goes(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        kim = coordinator(nord)
        conversation = writing.conversation_of(request)
        for text in ("Gern", "Gern, wir"):
            services.keep_draft(conversation=conversation, text=text, actor=kim)
        assert Draft.objects.get().text == "Gern, wir"
        answering.answer(request, text="Gern, wir kommen.", actor=kim)
        assert not Draft.objects.exists()


def test_two_requests_of_one_person_are_joined_and_those_of_two_are_not(nord: District) -> None:
    first, second = sent(nord), sent(nord, message="Ich wollte noch etwas sagen.")
    foreign = sent(nord, email="andere@beispiel.example", message="Etwas ganz anderes hier.")
    with nord.inside():
        answering.join(kept=first, joined=second, actor=ACTOR)
        second.refresh_from_db()
        assert second.state == "closed"
        assert kinds(first) == ["message", "message"]
        token = addresses.token_of(1, Conversation.objects.about(second).get())
        found = addresses.by_token(token)
        assert found == Conversation.objects.about(first).get()
        with pytest.raises(ValidationError, match="derselben Adresse"), transaction.atomic():
            answering.join(kept=first, joined=foreign, actor=ACTOR)
        with pytest.raises(ValidationError), transaction.atomic():
            answering.join(kept=first, joined=second, actor=ACTOR)


def test_a_held_mail_waits_until_somebody_lets_it_in_or_lays_it_aside(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        kim = coordinator(nord)
        conversation = writing.conversation_of(request)
        for number in ("1", "2", "2"):
            holding.hold(
                conversation=conversation, sender="fremd@beispiel.example", text=f"Mail {number}",
                reason=HeldReason.STRANGER, mail_digest=number * 64,
            )  # fmt: skip
        one, two = HeldMail.objects.order_by("pk")
        holding.let_in(mail=one, actor=kim)
        holding.drop(mail=two, actor=kim)
        with pytest.raises(ValidationError):
            holding.let_in(mail=two, actor=kim)
        assert kinds(request) == ["message", "message"]
        assert set(HeldMail.objects.values_list("text", "sender")) == {("", "")}


def test_of_a_forgotten_request_its_conversation_keeps_no_word(nord: District) -> None:
    request = sent(nord)
    with nord.inside():
        kim = coordinator(nord)
        services.note(submission=request, text="Erika ruft lieber an.", actor=kim)
        conversation = writing.conversation_of(request)
        services.keep_draft(conversation=conversation, text="Liebe Erika", actor=kim)
        contact.anonymise(request, actor=ACTOR)
        left = str([*ConversationEntry.objects.values(), *Conversation.objects.values()])
        assert not Draft.objects.exists()
        for word in ("Erika", "erika", "Kanal", "kanal"):
            assert word not in left
        for refused in (services.note, services.call):
            with pytest.raises(ValidationError), transaction.atomic():
                refused(submission=ContactRequest.objects.get(), text="Noch etwas", actor=kim)
        with pytest.raises(ValidationError), transaction.atomic():
            answering.answer(request, text="Gern.", actor=kim)


def test_a_conversation_is_of_its_district_alone(nord: District, sued: District) -> None:
    request = sent(nord)
    with nord.inside():
        token = addresses.token_of(1, writing.conversation_of(request))
    with sued.inside():
        assert addresses.by_token(token) is None
        assert not Conversation.objects.exists()
