"""A kind of signed link: declared once, written into mails, read by the view behind it."""

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


# Every kind there is, by its purpose.
declared: "dict[str, SignedLink[Any]]" = {}


@dataclass(frozen=True)
class SignedLink(Generic[Held]):
    """One kind of link. What it holds is signed with its purpose, its host's key and the moment."""

    purpose: str
    # A NamedTuple of integers, strings and literals: a stranger's word of another shape is refused.
    holds: type[Held]
    days: int
    # The name of its address.
    route: str
    used_up: UsedUp
    # The language of its page; none: that of the moment in which it is written.
    language: str | None = None

    def __post_init__(self) -> None:
        """Note the kind. Raises ValueError for a purpose that another one has: they would mix."""
        if self.purpose in declared:
            raise ValueError(f"two kinds of links are called {self.purpose}")
        declared[self.purpose] = self

    def sign(self, held: Held) -> str:
        """Return the word that stands in the address."""
        return words.sign(self.purpose, list(held))

    def url(self, held: Held) -> str:
        """Return the whole address on the host whose schema is set."""
        with translation.override(self.language or translation.get_language()):
            return on_this_host(self.route, self.sign(held))

    def read(self, word: str) -> Held:
        """Return what a word of this kind holds.

        Raises SignatureExpired when its term is over, BadSignature for any other that is not ours.
        """
        value = words.unsign(self.purpose, word, days=self.days)
        # Older links of one value hold it bare.
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
        """Return what a word holds; None where it opens nothing, whatever the reason."""
        try:
            return self.read(word)
        except BadSignature:
            return None

    def opens(self, view: View) -> View:
        """Give a view what the word in its address holds.

        When the term is over the answer is 410, for a word that is not ours 404.
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
    # Exactly: to Python, True is an integer as well.
    return type(value) is kind
