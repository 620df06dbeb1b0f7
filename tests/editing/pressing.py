"""A button of a page at the desk or the console, pressed as a browser does it."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.editing.opened import _Form


def group_of(page: str, group: str) -> str:
    """Return the HTML of one group of buttons; an empty text if the page does not have it."""
    begun = page.partition(f'id="act-{group}"')[2]
    return begun.partition("</form>")[0]


def buttons_of(page: str) -> list[str]:
    """Return the buttons of a page as ``group:act``, in their order."""
    return [part.partition('"')[0] for part in page.split('name="_act" value="')[1:]]


def at_hand(client: Client, url: str, act: str, **typed: Any) -> Callable[[], Any]:
    """Open a page and fill in the form of a button; return what presses it, perhaps too late."""
    page = client.get(url).content.decode()
    group = act.partition(":")[0]
    assert act in buttons_of(page), f"{act} is not among {buttons_of(page)}"
    form = _Form()
    form.feed(group_of(page, group))
    sent = form.sent | {f"{group}-{name}": value for name, value in typed.items()}
    return lambda: client.post(url, sent | {"_act": act})


def press(client: Client, url: str, act: str, **typed: Any) -> Any:
    """Open a page, fill in the form of a button and press it."""
    return at_hand(client, url, act, **typed)()
