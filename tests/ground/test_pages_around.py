"""What stands around every page: who may post, what search engines are told, what stays text."""

import json
from typing import Any

import pytest

from directory.people.models import Team
from tenants.districts import services as districts
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from wiq.audit.models import Entry
from wiq.web import allowed_hosts
from wiq.web.anonymous import comes_from_this_site
from wiq.web.templatetags.wiq_text import json_ld, truncatesentences


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Origin": "http://TESTSERVER"}, True),
        ({"Origin": "http://testserver:81"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://[x"}, False),
        # What the browser says of the page counts for more than what it says of its address.
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    ],
    ids=str,
)
def test_a_post_is_ours_where_the_browser_says_so_or_is_none(
    rf: Any, headers: dict[str, str], ours: bool
) -> None:
    assert comes_from_this_site(rf.post("/", headers=headers)) is ours


def test_what_search_engines_are_told_ends_no_element() -> None:
    told = json_ld({"name": "</script><b>Bäume & mehr</b>"})
    assert told.count("<") == 2  # of the element itself
    assert "&" not in told
    inside = told.partition(">")[2].rpartition("<")[0]
    assert json.loads(inside) == {"name": "</script><b>Bäume & mehr</b>"}
    assert json_ld(None) == ""


def test_a_district_to_try_things_out_is_found_by_no_search_engine(
    nord: District, sued: District
) -> None:
    districts.update(nord.row, actor=ACTOR, is_demo=True)
    robots = '<meta name="robots" content="noindex, nofollow">'
    for district, is_hidden in ((nord, True), (sued, False)):
        assert (robots in district.client().get("/").content.decode()) is is_hidden


@pytest.mark.parametrize(("length", "shown"), [(59, "Erster Satz. Zweiter."), (60, "Erster Satz.")])
def test_a_short_text_is_whole_sentences_until_there_is_enough(length: int, shown: str) -> None:
    first = "Erster Satz.".rjust(length, "E")
    assert truncatesentences(f"{first} Zweiter.") == shown.rjust(length + len(shown) - 12, "E")


@pytest.mark.parametrize("how", ["page", "action"])
def test_who_removes_something_at_the_desk_is_noted_once(nord: District, how: str) -> None:
    number, desk = nord.team("geheim").pk, nord.signed_in("coordinator")
    address = "/koordination/people/team/"
    if how == "page":
        answer = desk.post(f"{address}{number}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": str(number), "post": "yes"}
        answer = desk.post(address, chosen)
    assert answer.status_code == 302
    with nord.inside():
        assert not Team.objects.filter(pk=number).exists()
        noted = Entry.objects.filter(target_type="people.team", target_id=str(number))
        assert [(entry.action, entry.actor) for entry in noted.exclude(actor=ACTOR)] == [
            ("team.deleted", "coordinator@nord.example")
        ]


def test_a_host_is_allowed_for_as_long_as_its_request_is_answered() -> None:
    hosts = allowed_hosts.AllowedHosts([".wiq.example"])
    with pytest.raises(RuntimeError), allowed_hosts.known("nord.example"):
        assert list(hosts) == [".wiq.example", "nord.example"]
        raise RuntimeError
    assert list(hosts) == [".wiq.example"]


@pytest.mark.parametrize("table", ["people/team", "solutions/solutionteam"])
def test_nobody_tries_out_letter_by_letter_where_requests_go(nord: District, table: str) -> None:
    address = f"/koordination/{table}/?contact_email__startswith=u"
    assert nord.signed_in("coordinator").get(address).status_code == 400
    assert nord.signed_in("editor").get(address).status_code == 400


@pytest.mark.parametrize("path", ["/", "/gibt-es-nicht/", "/anmelden/"])
def test_a_hidden_district_is_named_to_no_visitor(
    nord: District, path: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        districts.update(nord.row, actor=ACTOR, colour="#123456")
    marks = ("Nordviertel", "#123456")
    for state, is_named in ((State.PUBLISHED, True), (State.HIDDEN, False)):
        with django_capture_on_commit_callbacks(execute=True):
            put(nord.row, state)
        page = nord.client().get(path).content.decode()
        assert [mark in page for mark in marks] == [is_named] * 2
