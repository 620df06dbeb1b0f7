"""Searching conversations: all that was written, who wrote it, and the numbers of both.

The key is made in Python (directory.solutions.search), so that "grün" and "gruen" are one word.
A telephone number is found however it is grouped, and a reference with and without its dash.
"""

import re
from typing import Any

from django.db.models import Q

from directory.conversations.models import Conversation
from directory.solutions.search import fold, words_query
from wiq.submissions.models import Submission

# More is not searched: the vector of a longer text is refused by PostgreSQL (1 MB).
SEARCHED = 200_000
# What a telephone number is written with (DIN 5008).
PHONE = re.compile(r"[\d\s()/+.-]{5,}")


def digits(phone: str) -> str:
    """Return a telephone number in one piece, with 0 for +49.

    >>> digits("+49 (341) 12 34-56")
    '0341123456'
    """
    return re.sub(r"^(?:\+|00)490?", "0", re.sub(r"[^\d+]", "", phone))


def key_of(conversation: Conversation, submission: Submission) -> str:
    """Return what the search compares, folded."""
    said = conversation.entries.order_by("at", "pk").values_list("text", flat=True)
    # What waits in the holding pen is looked for as well: its sender may be on the telephone now.
    waits = conversation.held.filter(done_at=None).order_by("at", "pk")
    pen = [" ".join(mail) for mail in waits.values_list("sender", "text")]
    joined = conversation.joined.values_list("reference", flat=True)
    numbers = [submission.reference, *joined]
    who = (*numbers, *(number.replace("-", "") for number in numbers), submission.name,
           submission.email, submission.phone, digits(submission.phone))  # fmt: skip
    return fold(" ".join((*who, conversation.title, *pen, *said))[:SEARCHED])


def found_by(rows: Any, search: str) -> Any:
    """Return the conversations of a queryset in which all words stand, each perhaps unfinished."""
    folded = fold(search)
    if not folded:
        return rows.none()
    found = Q(search_vector=words_query(folded))
    if PHONE.fullmatch(search):
        found |= Q(search_vector=words_query(fold(digits(search))))
    return rows.filter(found)
