"""Wrong passwords: who guesses has to wait, and the account's owner does not.

Nobody is locked out by others' guesses. They are counted for each account and network, and for each
network; all of them together stop only strangers, and only far beyond what people mistype. A
browser in which somebody was signed in before is counted by itself, as OWASP's "device cookies" are
(https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import secrets
import time
from dataclasses import dataclass, field

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from wiq.accounts import browsers
from wiq.accounts.models import User
from wiq.mail_addresses import is_at
from wiq.throttling import count, forget_all, network, uncount


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` wrong passwords in ``seconds``."""

    name: str
    tries: int
    seconds: int


OF_ACCOUNT_AND_NETWORK = Limit("account_network", 5, 300)
OF_NETWORK = Limit("network", 10, 60)
OF_BROWSER = Limit("browser", 10, 300)
# Loose, because anybody can use it up: NIST SP 800-63B, 5.2.2, wants at most 100 in a row. It stops
# only strangers' browsers.
OF_ACCOUNT = Limit("account", 100, 3600)


@dataclass
class Guess:
    """One try to sign in, counted until it turns out right."""

    at: float = field(default_factory=time.time)
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    keys: list[str] = field(default_factory=list)

    def count(self, limit: Limit, *whose: str) -> bool:
        """Count the try under one limit; tell whether it may go on."""
        key = _key(limit, *whose)
        if count(key, self.at, limit.seconds, limit.tries, self.mark) is not None:
            return False
        self.keys.append(key)
        return True

    def was_right(self) -> None:
        """Take the try back: only wrong passwords count."""
        for key in self.keys:
            uncount(key, self.at, self.mark)


def begin(request: HttpRequest, typed: str) -> Guess | None:
    """Count a try for the address that was typed; None if there were too many.

    An address without an account is counted like any other, so that limits tell nothing.
    """
    guess, account, where = Guess(), typed.strip().lower(), network(request)
    pk = User.objects.filter(is_at("email", account)).values_list("pk", flat=True).first()
    browser = browsers.known_to(request, pk)
    if browser is not None:
        return guess if guess.count(OF_BROWSER, browser, account) else None
    allowed = (
        guess.count(OF_ACCOUNT_AND_NETWORK, account, where)
        and guess.count(OF_NETWORK, where)
        and guess.count(OF_ACCOUNT, account)
    )
    return guess if allowed else None


def forget(request: HttpRequest, account: str) -> None:
    """Forget the tries at an account, once its owner has a new password.

    Those from other networks stay counted there, but no longer stop strangers' browsers: the owner
    may come with a new one.
    """
    account = account.strip().lower()
    forget_all(_key(OF_ACCOUNT_AND_NETWORK, account, network(request)))
    forget_all(_key(OF_ACCOUNT, account))


def _key(limit: Limit, *whose: str) -> str:
    """Return where tries are counted. Neither addresses nor networks stand in the cache."""
    digest = salted_hmac(f"wiq.guesses.{limit.name}", " ".join(whose), algorithm="sha256")
    return str(caches["default"].make_key(f"guesses_{limit.name}_{digest.hexdigest()}"))
