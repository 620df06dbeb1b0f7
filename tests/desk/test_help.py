"""A page of help behind every page of the desk: it is linked, it is there, and it is short."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLPattern
from django.utils import translation

from directory.contact.models import ContactRequest
from tests.cast import District, form
from wiq.admin.helping import help_for, in_order
from wiq.admin.sites import district_site

# No pages of their own: signing in and out, what scripts and files ask for, and the help itself.
NO_PAGES = {
    "login", "logout", "index", "search", "autocomplete", "jsi18n", "password_change",
    "password_change_done", "desk_draft", "desk_table", "desk_attachment", "desk_figures_table", "desk_keys", "desk_help", "desk_help_about", None,
}  # fmt: skip


def names() -> Iterator[str | None]:
    """Return the names of all addresses below the desk's."""

    def walk(patterns: Any, before: str) -> Iterator[str | None]:
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if not isinstance(pattern, URLPattern):
                yield from walk(pattern.url_patterns, path)
            elif path.startswith("koordination/"):
                yield pattern.name

    return walk(get_resolver("wiq.urls.district").url_patterns, "")


def test_every_page_of_the_desk_has_a_help() -> None:
    found = list(names())
    assert len(found) > 50
    assert [name for name in found if name not in NO_PAGES and help_for(name or "") is None] == []


def test_no_help_is_about_a_page_that_is_gone_and_each_says_two_sentences_and_how() -> None:
    known = {name for name in names() if name}
    for one in in_order():
        for page in one.pages:
            assert page in known or f"{page}_changelist" in known, page
        assert len(re.findall(r"[.!?](?: |$)", str(one.about))) == 2, one.about
        assert one.how
    assert len({one.key for one in in_order()}) == len({one.place for one in in_order()})


def test_a_page_links_to_its_help_and_an_editor_finds_the_own_ones(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    for path, key in (("", "heute"), ("people/team/", "teams"), ("startpaket/", "startpaket")):
        page = desk.get(f"/koordination/{path}").content.decode()
        assert f'href="/koordination/hilfe/{key}/"' in page, path
        assert f'href="/en/koordination/hilfe/{key}/"' in desk.get(
            f"/en/koordination/{path}").content.decode()  # fmt: skip
    about = desk.get("/koordination/hilfe/teams/").content.decode()
    assert "die WiQ in Ihrem Quartier tragen" in about
    assert "So geht es" in about
    assert desk.get("/koordination/hilfe/gibt-es-nicht/").status_code == 404
    listed = nord.signed_in("editor").get("/koordination/hilfe/").content.decode()
    assert "/hilfe/teams/" in listed
    assert "/hilfe/posteingang/" not in listed


@pytest.mark.thorough
def test_every_page_of_the_desk_links_to_its_help(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    desk = nord.signed_in("coordinator")
    with nord.inside():
        letter = f"posteingang/{ContactRequest.objects.get().reference}/"
    paths = {"", "posteingang/", "posteingang/anruf/", "alles/", "personendaten/", "leitfaden/",
             "leitfaden/postfach/", "startpaket/", "nachmachen/", "mitnehmen/", "maildoktor/",
             "people/", letter}  # fmt: skip
    with nord.inside():
        for model in district_site._registry:
            table = f"{model._meta.app_label}/{model._meta.model_name}/"
            row = model._default_manager.order_by("pk").first()
            paths |= {table, f"{table}add/"}
            if row is not None:
                paths |= {f"{table}{row.pk}/{what}/" for what in ("change", "history", "delete")}
    seen = 0
    for path in sorted(paths):
        answer = desk.get(f"/koordination/{path}")
        if answer.status_code == 200:
            seen += 1
            assert re.search(r'href="/koordination/hilfe/[a-z-]+/"', answer.content.decode()), path
        else:  # nobody adds, changes or deletes there
            assert re.search(r"/(add|change|history|delete)/$", path), (path, answer.status_code)
    assert seen > 40


def test_a_help_calls_buttons_and_pages_by_their_words_in_both_languages() -> None:
    for one in in_order():
        with translation.override("de"):
            named = re.findall("„([^“]+)“", f"{one.about} {one.how}")
        with translation.override("en"):
            assert re.findall("“([^”]+)”", f"{one.about} {one.how}") == [
                translation.gettext(words) for words in named
            ], one.key
