"""Answering who brought an idea: from the desk, by the API or by mail, each time the same way."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Model

from directory.conversations import files, said_again
from directory.conversations import services as conversations
from directory.conversations.models import ConversationEntry, Via
from directory.ideas import mails, services
from directory.ideas.models import Idea
from wiq.actors import Actor
from wiq.inbound.attachments import Attached
from wiq.submissions import services as submissions


@transaction.atomic
def answer(
    submission: Idea, *, text: str, actor: Actor, via: Via = Via.DESK, quoted: str = "",
    mail_digest: str = "", attached: Collection[Attached] = (),
) -> ConversationEntry:  # fmt: skip
    """Write to the bringer, on the status page and by mail. Raises ValidationError."""
    idea = submissions.locked(submission)
    again = said_again.just_answered(submission=idea, text=text, actor=actor)
    if again is not None:
        return again
    conversations.check_answerable(idea)
    services.write_to_bringer(idea, actor=actor, note=text)
    conversation = conversations.held(idea)
    conversations.drop_draft(conversation=conversation, actor=actor)
    if (
        conversation.assignee is None
        and isinstance(actor, Model)
        and conversations.is_colleague(actor)
    ):
        conversations.assign(submission=idea, to=actor, actor=actor)
    entry: ConversationEntry = conversation.entries.filter(kind="answer").latest("at", "pk")
    entry.via, entry.quoted, entry.mail_digest = via, quoted, mail_digest
    entry.save(update_fields=["via", "quoted", "mail_digest"])
    files.keep(attached, entry=entry)
    return entry


@transaction.atomic
def reply(
    submission: Idea, *, text: str, via: Via, quoted: str = "", mail_digest: str = "",
    sender: str = "",
) -> ConversationEntry:  # fmt: skip
    """Take the bringer's answer; the same mail once more is the entry that there is.

    What somebody else wrote (``sender``) answers no question of ours, so it moves nothing.
    Raises ValidationError if the idea is already decided.
    """
    idea = submissions.locked(submission)
    conversation = conversations.held(idea)
    known = conversations.entry_of_mail(submission=idea, mail_digest=mail_digest)
    if known is not None:
        return known
    if sender:
        services.check_undecided(idea)
        entry = conversations.replied(
            submission=idea, text=text, made_by=sender, via=via, quoted=quoted,
            mail_digest=mail_digest,
        )  # fmt: skip
        mails.write_to_team(idea, "written", note=entry.text, sender=sender)
        return entry
    services.reply(idea, text)
    entry = conversation.entries.filter(kind="message").latest("at", "pk")
    entry.via, entry.quoted, entry.mail_digest = via, quoted, mail_digest
    entry.save(update_fields=["via", "quoted", "mail_digest"])
    return entry


@transaction.atomic
def assign(idea: Idea, *, to: Any, actor: Actor, text: str = "") -> Idea:
    """Give an idea to somebody of the team, or to nobody. Raises ValidationError."""
    held = submissions.locked(idea)
    conversations.assign(submission=held, to=to, actor=actor, text=text)
    return held


@transaction.atomic
def move(idea: Idea, state: str, *, actor: Actor) -> Idea:
    """Move an idea where no text goes with it; in or out of the spam. Raises ValidationError."""
    if state == "spam":
        return services.call_spam(idea, actor=actor)
    if idea.state == "spam":
        return services.call_no_spam(idea, actor=actor)
    return services.MOVE[state](idea, actor=actor, note="")


@transaction.atomic
def decide(idea: Idea, state: str, *, text: str, actor: Actor) -> Idea:
    """Ask back, or note the decision, with a text that its bringer gets. Raises ValidationError."""
    return services.MOVE[state](idea, actor=actor, note=text)
