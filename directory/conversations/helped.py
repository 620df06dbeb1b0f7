""" "Hat das geholfen?": asked once about an answer, in whatever room it was given.

Each room says whom it asks, and what a yes and a no do there. The mail's link opens a page; opening
it changes nothing, because mail scanners do it, too.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from directory.conversations import mails, services
from directory.conversations.models import Conversation, Helped
from wiq.audit import services as audit
from wiq.submissions import services as submissions
from wiq.submissions.models import Submission

# Whoever was answered before the platform asked at all is not asked any more.
TOO_LATE = timedelta(days=30)
RESIDENT = "resident"

Subject = TypeVar("Subject", bound=Submission)


def unasked(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return the submissions of a queryset that can be asked about and were not so far."""
    asked = Conversation.objects.filter(
        about_type=rows.model._meta.label_lower,
        about_id=OuterRef("pk"),
        asked_helped_at__isnull=False,
    )
    found: QuerySet[Any] = rows.filter(~Exists(asked), anonymised_at=None).exclude(email="")
    return found.order_by("pk")


@transaction.atomic
def note_asked(found: Iterable[Submission]) -> None:
    """Note that somebody is asked now; nobody is asked twice."""
    for submission in found:
        conversation = services.held(submission)
        conversation.asked_helped_at = timezone.now()
        conversation.save(update_fields=["asked_helped_at"])


def write_question(submission: Submission, *, kind: str, url: Callable[[], str]) -> None:
    """Mail the question, with the link to its page in the resident's language."""
    with translation.override(submission.language):
        mails.write_to_resident(
            submission,
            kind=kind,
            subject=_("Hat unsere Antwort geholfen? %s") % submission.reference,
            paragraphs=[
                _("vor ein paar Tagen haben wir Ihnen geantwortet. Hat das geholfen?"),
                _("Bitte sagen Sie es uns auf dieser Seite. Wir fragen nur dieses eine Mal."),
            ],
            button=_("Ja oder Nein sagen"),
            url=url(),
        )


def said(submission: Submission) -> str:
    """Return what the resident has said: "yes", "no", or an empty text."""
    rows = Conversation.objects.about(submission).values_list("helped", flat=True)
    return rows.first() or ""


def held(submission: Subject, may_say: Callable[[Subject], bool]) -> Subject:
    """Lock and return a submission whose answer is spoken of. In a transaction.

    Raises ValidationError where there is nothing more to say.
    """
    locked = submissions.locked(submission)
    if not may_say(locked):
        raise ValidationError(_("Danke, das haben Sie uns schon gesagt."))
    return locked


def words_of_yes() -> str:
    """Return what stands in the conversation when an answer helped, in the team's language."""
    with translation.override("de"):
        return _("Die Antwort hat geholfen.")


def words_of_no(more: str) -> str:
    """Return what stands in the conversation when an answer did not help, with what was added."""
    with translation.override("de"):
        words = _("Die Antwort hat nicht geholfen.")
    return "\n\n".join(filter(None, (words, more.strip())))


@transaction.atomic
def note(submission: Submission, helped: Helped) -> None:
    """Note what the resident says of an answer to a locked submission."""
    conversation = services.held(submission)
    conversation.helped = helped
    conversation.save(update_fields=["helped"])
    audit.record_change(
        f"{submission._meta.model_name}.helped", submission, actor=RESIDENT,
        details={"helped": str(helped)},
    )  # fmt: skip
