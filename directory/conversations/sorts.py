"""What conversations are about: requests and ideas. Each room says how its own are answered.

``conversing.py`` of a room registers its sort, so that the desk, the API and incoming mail treat
both alike.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from directory.conversations.models import Conversation, ConversationEntry, Turn, Via
from wiq.actors import Actor
from wiq.inbound.attachments import Attached
from wiq.rooms import Registry
from wiq.submissions.models import Submission


class Answering(Protocol):
    """Answers a resident: the text goes out by mail, and what is attached. Raises ValidationError.

    ``quoted`` and ``mail_digest`` are of the mail that the answer itself came by.
    """

    def __call__(
        self, submission: Any, /, *, text: str, actor: Actor, via: Via = Via.DESK,
        quoted: str = "", mail_digest: str = "", attached: Collection[Attached] = (),
    ) -> ConversationEntry: ...  # fmt: skip


class Replying(Protocol):
    """Takes what the resident adds. Raises ValidationError.

    ``sender`` is the address of somebody else who wrote, and whose mail the team let in.
    """

    def __call__(
        self, submission: Any, /, *, text: str, via: Via, quoted: str = "", mail_digest: str = "",
        sender: str = "",
    ) -> ConversationEntry: ...  # fmt: skip


class Moving(Protocol):
    """Moves a submission to a state. Raises ValidationError."""

    def __call__(self, submission: Any, state: Any, /, *, actor: Actor) -> Any: ...


class Deciding(Protocol):
    """Asks back or decides, with a text that goes to the resident. Raises ValidationError."""

    def __call__(self, submission: Any, state: str, /, *, text: str, actor: Actor) -> Any: ...


class Assigning(Protocol):
    """Says who is in charge, or that nobody is. Raises ValidationError."""

    def __call__(self, submission: Any, /, *, to: Any, actor: Actor, text: str = "") -> Any: ...


class Joining(Protocol):
    """Joins a second submission to a first. Raises ValidationError."""

    def __call__(self, *, kept: Any, joined: Any, actor: Actor) -> Any: ...


@dataclass(frozen=True)
class Sort:
    """One sort of conversation."""

    name: str
    label: Any
    model: type[Submission]
    # What the resident wrote, and what it is about in a few words.
    words: Callable[[Any], str]
    title: Callable[[Any], str]
    # State → whose turn it is.
    turns: Mapping[str, Turn]
    answer: Answering
    reply: Replying
    move: Moving
    assign: Assigning
    # Its resident's status page, and the addresses of the team: its mails go there, and what
    # comes from there answers for it, besides colleagues.
    status_url: Callable[[Any], str]
    addressees: Callable[[Any], list[str]]
    # The states in which its resident waits for a first answer.
    unanswered: tuple[str, ...] = ()
    # The kinds of mails that go to the resident.
    to_resident: Collection[str] = ()
    # The states to which the desk's page moves it by a button, with the button's words.
    buttons: Mapping[str, Any] = field(default_factory=dict)
    # What is asked or decided with a text that its resident gets: state → the button's words.
    decisions: Mapping[str, Any] = field(default_factory=dict)
    decide: Deciding | None = None
    # The state of one that is done without a word of why, none where that is decided with a reason;
    # and that of what was taken for spam wrongly.
    closes: str = ""
    reopens: str = ""
    # The page of rarely used fields, ``app_model``.
    admin: str = ""
    join: Joining | None = None
    # Makes one that is answered or done the team's turn again, because an authority has answered.
    take_up: Callable[[Any], Any] | None = None
    # What its resident does on the status page: it is settled, or not after all.
    settle: Callable[[Any], Any] | None = None
    settled: str = ""  # the state in which it is then
    unsettle: Callable[[Any], Any] | None = None

    @property
    def kind(self) -> str:
        return self.model._meta.label_lower

    def state_label(self, state: str) -> str:
        """Return a state as people read it."""
        meta: Any = self.model._meta
        choices = dict(meta.get_field("state").flatchoices)
        return str(choices.get(state, state))


sorts: Registry[Sort] = Registry("conversing")


def sort_of(target: Submission | Conversation) -> Sort | None:
    """Return the sort of a submission or conversation; None for what is not talked about here."""
    kind = target.about_type if isinstance(target, Conversation) else target._meta.label_lower
    return next((sort for sort in sorts if sort.kind == kind), None)


def known_sort(target: Submission | Conversation) -> Sort:
    """Return the sort of a submission or conversation. Raises LookupError if there is none."""
    found = sort_of(target)
    if found is None:
        raise LookupError(f"no room says what to do with {target!r}")
    return found
