"""A form as a browser sends it back when nobody typed anything."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Form(HTMLParser):
    """Collects what the fields of a page's forms hold."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, Any] = {}
        self.select: str | None = None
        self.several = False
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "button", "file"):
            if given.get("type") not in ("checkbox", "radio"):
                self.sent[name] = value
            elif "checked" in given:
                self.sent[name] = given.get("value", "on")
        elif tag == "textarea" and name:
            self.area, self.sent[name] = name, ""
        elif tag == "select":
            self.select = name
            self.several = "multiple" in given
        elif tag == "option" and self.select:
            self._take(self.select, value, "selected" in given)

    def _take(self, name: str, value: str, is_selected: bool) -> None:
        if self.several and is_selected:
            self.sent.setdefault(name, []).append(value)
        elif not self.several and (is_selected or name not in self.sent):
            self.sent[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            # The line break after the tag is the page's, not the text's.
            self.sent[self.area] = self.sent[self.area].removeprefix("\n").removeprefix("\r\n")
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data


def fields_of(page: str) -> dict[str, Any]:
    """Return what a browser would send back of a page's change form."""
    form = _Form()
    # Pages of the admin have their form there; ours (desk_page) have none but theirs.
    form.feed(page[max(page.find('id="content-main"'), 0) :])
    return {name: value for name, value in form.sent.items() if "__prefix__" not in name}


def opened(client: Client, url: str) -> dict[str, Any]:
    """Open a change form and return what a browser would send back."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return fields_of(answer.content.decode())
