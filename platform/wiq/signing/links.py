"""Kinds of signed links: declared once, written into mails and read by their views."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from wiq.signing import words
from wiq.web.errors import error_response
from wiq.web.hosts import on_this_host

View = Callable[..., HttpResponse]
Held = TypeVar("Held", bound=tuple[Any, ...])


class UsedUp(Enum):
    """What keeps a link from acting a second time."""

    NUMBER = "its number stands in the row, too: a new link raises it, an act closes the row"
    WORD = "its random word stands in the row, too, and is taken away by the act"
    STATE = "the row left the state that it acts from"
    LOOKS = "nothing: it opens a page and changes no row"


# All kinds, by purpose.
declared: "dict[str, SignedLink[Any]]" = {}


@dataclass(frozen=True)
class SignedLink(Generic[Held]):
    """One kind of link. Its values are signed with the purpose, the time and the host's key."""

    purpose: str
    # A NamedTuple of integers, strings and literals; values of other types are refused.
    holds: type[Held]
    days: int
    # The name of its URL pattern.
    route: str
    used_up: UsedUp
    # The language of its page; by default the current one when the link is written.
    language: str | None = None

    def __post_init__(self) -> None:
        """Register the kind. Raises ValueError if another kind has the same purpose."""
        if self.purpose in declared:
            raise ValueError(f"two kinds of links are called {self.purpose}")
        declared[self.purpose] = self

    def sign(self, held: Held) -> str:
        """Return the signed word for the address."""
        return words.sign(self.purpose, list(held))

    def url(self, held: Held) -> str:
        """Return the absolute address on the current schema's host."""
        with translation.override(self.language or translation.get_language()):
            return on_this_host(self.route, self.sign(held))

    def read(self, word: str) -> Held:
        """Return the values in a word of this kind.

        Raises SignatureExpired for an old word, BadSignature for one that we did not sign.
        """
        value = words.unsign(self.purpose, word, days=self.days)
        # Older links with a single value hold it without a list.
        return self._shaped(value if isinstance(value, list) else [value])

    def _shaped(self, values: list[Any]) -> Held:
        try:
            held = self.holds(*values)
        except TypeError:
            raise BadSignature(f"not a link of {self.purpose}") from None
        kinds = get_type_hints(self.holds).values()
        if not all(map(_fits, held, kinds)):
            raise BadSignature(f"not a link of {self.purpose}")
        return held

    def held_or_none(self, word: str) -> Held | None:
        """Return the values in a word; None if it is invalid for any reason."""
        try:
            return self.read(word)
        except BadSignature:
            return None

    def opens(self, view: View) -> View:
        """Decorate a view to get the values of the word in its address.

        An expired word is answered with 410, an invalid one with 404.
        """

        @wraps(view)
        def opened(request: HttpRequest, word: str) -> HttpResponse:
            try:
                held = self.read(word)
            except SignatureExpired:
                return error_response(request, 410)
            except BadSignature:
                raise Http404 from None
            return view(request, held)

        return opened


def _fits(value: Any, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    # The exact type, because True is an integer in Python too.
    return type(value) is kind
