"""Ideas as conversations."""

from django.utils.translation import gettext_lazy as _

from directory.conversations.models import Turn
from directory.conversations.sorts import Sort, sorts
from directory.ideas import answering, mails, services
from directory.ideas.models import Idea, IdeaState


def words(found: Idea) -> str:
    """Return what the bringer wrote."""
    return "\n\n".join(part for part in (found.title, found.description, found.place) if part)


def title(found: Idea) -> str:
    """Return what the idea is about."""
    return found.title


sorts.register(
    Sort(
        name="idea",
        label=_("Idee"),
        model=Idea,
        words=words,
        title=title,
        turns={
            IdeaState.RECEIVED: Turn.OURS,
            IdeaState.REVIEW: Turn.OURS,
            IdeaState.NEEDS_INFO: Turn.THEIRS,
            IdeaState.ACCEPTED: Turn.DONE,
            IdeaState.DECLINED: Turn.DONE,
            IdeaState.WITHDRAWN: Turn.DONE,
            IdeaState.SPAM: Turn.SUSPICIOUS,
        },
        answer=answering.answer,
        reply=answering.reply,
        move=answering.move,
        assign=answering.assign,
        status_url=mails.status_url,
        addressees=mails.addressees,
        # What is being prepared waits for the steering team, for weeks.
        unanswered=(IdeaState.RECEIVED,),
        settle=services.take_back,
        settled=IdeaState.WITHDRAWN,
        unsettle=services.take_up_again,
        to_resident=tuple(f"ideas.bringer.{one}" for one in ("received", "moved", "asked")),
        buttons={
            IdeaState.REVIEW: _("In Prüfung nehmen"),
            IdeaState.WITHDRAWN: _("Zurückziehen (die Person will das)"),
            IdeaState.SPAM: _("Als Spam ablegen"),
        },
        decisions={
            IdeaState.NEEDS_INFO: _("Rückfrage stellen"),
            IdeaState.ACCEPTED: _("Entscheidung des Steuerungsteams: annehmen"),
            IdeaState.DECLINED: _("Entscheidung des Steuerungsteams: ablehnen"),
        },
        decide=answering.decide,
        reopens=IdeaState.RECEIVED,
        admin="ideas_idea",
    )
)
