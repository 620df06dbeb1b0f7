"""``?password__startswith=``: no list, search or API tells what its reader may not see.

Every column of every model, near and one or two relations away, is asked for at both desks, by
everybody who may sign in there. What a page shows its reader is read from its form and its list.
"""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client, RequestFactory

from tests.cast import District, body, project_team
from wiq.accounts.models import User
from wiq.admin import checks
from wiq.admin.base import HidesContactAddress
from wiq.admin.lookups import ListedLookups
from wiq.admin.sites import district_site, platform_site
from wiq.declared import declared

PAGES = [(site, model) for site in (district_site, platform_site) for model in site._registry]
# Everything that PostgreSQL's columns can be asked for, and what Django makes of dates.
ASKED = (
    *("", "exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith"),
    *(
        "regex",
        "iregex",
        "in",
        "isnull",
        "gt",
        "gte",
        "lt",
        "lte",
        "range",
        "year",
        "month",
        "date",
    ),
    *("time", "hour", "search", "trigram_similar", "trigram_word_similar", "unaccent", "len", "0"),
    *("has_key", "contained_by", "length", "lower", "pk", "id"),
)
# What a page shows under another name than the column's.
UNDER_ANOTHER_NAME = {
    ("audit.entry", "actor"),
    ("audit.entry", "target_id"),  # the number in the link to what an entry is about
    ("solutions.solutionteam", "title_key"),  # made from the name, for the search
    ("contact.contactrequest", "team"),
    ("solutions.solutionteam", "topics"),
}


class Path(NamedTuple):
    """A way to a column, as an address names it."""

    text: str
    model: Any
    column: str


def paths(model: Any, depth: int, before: str = "") -> Iterator[Path]:
    """Return the ways to all columns, through at most so many relations."""
    for field in model._meta.get_fields():
        name = f"{before}{field.name}"
        yield Path(name, model, field.name)
        if depth and field.related_model is not None:
            yield from paths(field.related_model, depth - 1, f"{name}__")


def shown(site: Any, model: Any, request: Any) -> set[str]:
    """Return what the page of a model shows this reader; nothing where they may not open it."""
    page = site._registry.get(model)
    if page is None or not page.has_view_permission(request):
        return set()
    fields = [
        str(name).removeprefix("shown_")
        for name in (
            *page.get_list_display(request),
            *page.get_fields(request, None),
            *page.get_fields(request, model()),
            *_filters(page, model, request),
        )
    ]
    inside = {
        (label, name) for label, name in UNDER_ANOTHER_NAME if label == model._meta.label_lower
    }
    hidden = page.get_exclude(request) or ()
    return {name for name in fields if name not in hidden} | {name for _, name in inside}


def _filters(page: Any, model: Any, request: Any) -> set[str]:
    """Return the filters beside the list; one by a personal column would show nothing of it."""
    said = declared(model)
    return {one for one in page.get_list_filter(request) if said is not None and one in said.plain}


def readers(nord: District) -> list[tuple[Any, User]]:
    """Return everybody who may sign in, each with the desk that is theirs."""
    with nord.inside():
        found = [
            (district_site, user)
            for user in User.objects.filter(role__in=["coordinator", "editor"])
        ]
    return [*found, (platform_site, project_team())]


def as_read_by(user: User) -> Any:
    request = RequestFactory().get("/")
    request.user = user
    return request


def told_too_much(site: Any, user: User, model: Any, depth: int) -> list[str]:
    """Return what a list answers although its reader sees no such column."""
    page, request, found = site._registry[model], as_read_by(user), []
    seen: dict[Any, set[str]] = {}
    for way in paths(model, depth):
        told = [
            one
            for one in ASKED
            if page.lookup_allowed(f"{way.text}__{one}".strip("_"), "x", request)
        ]
        if not told:
            continue
        said = declared(way.model)
        columns = seen.setdefault(way.model, shown(site, way.model, request))
        is_key = set(told) <= {"", "exact", "in", "isnull", "pk", "id"}
        is_relation = way.model._meta.get_field(way.column).is_relation
        if said is not None and way.column in said.secrets:
            found.append(f"{way.text} is a secret")
        elif way.column not in columns and not (
            is_key and (is_relation or way.column in ("pk", "id"))
        ):
            found.append(f"{way.text} is not shown")
    return found


def test_a_list_answers_nothing_that_its_reader_does_not_see(nord: District) -> None:
    for own, user in readers(nord):
        with nord.inside():
            for site, model in PAGES:
                if site is own and site._registry[model].has_view_permission(as_read_by(user)):
                    assert told_too_much(site, user, model, depth=1) == [], (user, model)
    assert len(PAGES) > 20


@pytest.mark.thorough
def test_nor_anything_behind_two_relations(nord: District) -> None:
    for own, user in readers(nord):
        with nord.inside():
            for site, model in PAGES:
                if site is own and site._registry[model].has_view_permission(as_read_by(user)):
                    assert told_too_much(site, user, model, depth=2) == [], (user, model)


class Question(NamedTuple):
    """One address that asks a list for a column."""

    site: Any
    model: Any
    lookup: str

    @property
    def address(self) -> str:
        return f"/{self.site.name}/{self.model._meta.app_label}/{self.model._meta.model_name}/"


def questions() -> list[Question]:
    """Return every column of every model as a question that no list offers."""
    return [
        Question(site, model, f"{way.text}__{one}".strip("_"))
        for site, model in PAGES
        for way in paths(model, 1)
        for one in ("", "startswith", "regex", "gt")
        if not _offered(site._registry[model], way)
    ]


def _offered(page: Any, way: Path) -> bool:
    first = {name.split("__")[0] for name in checks._offered(page)}
    return way.text in checks._offered(page) or way.text.split("__")[0] in first


def answers(asked: list[Question], nord: District, console: Client) -> dict[str, set[int]]:
    """Send questions as everybody may; return the statuses of each kind of reader."""
    found: dict[str, set[int]] = {}
    clients: dict[str, tuple[Any, Client]] = {
        "coordinator": (district_site, nord.signed_in("coordinator")),
        "editor": (district_site, nord.signed_in("editor")),
        "project team": (platform_site, console),
        "stranger": (district_site, nord.client()),
    }
    for name, (site, client) in clients.items():
        # Strangers are asked to sign in before a list is opened at all.
        for question in asked[:50] if name == "stranger" else asked:
            if question.site is site:
                answer = client.get(question.address, {question.lookup: "p"})
                found.setdefault(name, set()).add(answer.status_code)
                assert answer.status_code in (302, 400, 403), (name, question)
                assert name == "stranger" or answer.status_code != 302, (name, question)
    return found


def test_a_sample_of_such_questions_is_refused_over_http(
    nord: District, console: Client, seed: int
) -> None:
    asked = random.Random(seed).sample(questions(), 40)
    found = answers([*asked, *_secrets()], nord, console)
    assert found["coordinator"] == found["project team"] == {400}
    assert found["editor"] == {400, 403}


def _secrets() -> list[Question]:
    """Return a question for each secret column of each page's own model."""
    return [
        Question(site, model, f"{name}__startswith")
        for site, model in PAGES
        for name in (getattr(declared(model), "secrets", ()))
    ]


@pytest.mark.thorough
def test_every_such_question_is_refused_over_http(nord: District, console: Client) -> None:
    asked = [question for question in questions() if question.lookup.endswith("__startswith")]
    found = answers(asked, nord, console)
    assert len(asked) > 500
    assert found["coordinator"] == found["project team"] == {400}


@pytest.mark.thorough
def test_no_search_and_no_order_finds_what_a_page_hides(nord: District, sued: District) -> None:
    sent = nord.client().post("/api/v1/contact-requests/", body(), "application/json")
    assert sent.status_code == 201
    with nord.inside():
        hidden = {
            str(getattr(row, name))
            for model in (row for site, row in PAGES if site is district_site)
            for row in model._default_manager.all()[:5]
            for name in getattr(declared(model), "secrets", ())
            if getattr(row, name)
        }
    assert len(hidden) > 3
    coordinator, editor = nord.signed_in("coordinator"), nord.signed_in("editor")
    searched = [model for model, page in district_site._registry.items() if page.search_fields]
    for model in searched:
        url = Question(district_site, model, "").address
        for word in hidden:
            assert coordinator.get(url, {"q": word}).context["cl"].result_count == 0, (url, word)
    for path in ("people/team", "solutions/solutionteam"):
        url = f"/koordination/{path}/"
        for word in ("ut@nord.example", "baeume@nord", "nord.example"):
            assert editor.get(url, {"q": word}).context["cl"].result_count == 0, word
        columns = editor.get(url).context["cl"].list_display
        assert "contact_email" not in columns


def completed(client: Client, request: Any, nord: District, field: Any) -> int:
    """Ask Django's address for fields that complete what is typed; return its status."""
    model, far = field.model, field.related_model
    asked = {
        "app_label": model._meta.app_label, "model_name": model._meta.model_name,
        "field_name": field.name, "term": "a",
    }  # fmt: skip
    answer = client.get("/koordination/autocomplete/", asked)
    page = district_site._registry.get(far)
    with nord.inside():
        may_read = page is not None and page.has_view_permission(request)
    assert answer.status_code in (200, 403), asked
    assert may_read or answer.status_code == 403, asked
    if answer.status_code == 200:
        assert all(set(one) == {"id", "text"} for one in answer.json()["results"])
        assert all(one["id"].isdecimal() for one in answer.json()["results"])
    return int(answer.status_code)


def completes(nord: District, share: float, seed: int) -> set[int]:
    """Ask for a share of all columns as each role of a district; return the statuses."""
    seen, drawn = set(), random.Random(seed)
    for role in ("coordinator", "editor"):
        client = nord.signed_in(role)
        with nord.inside():
            request = as_read_by(User.objects.get(email=f"{role}@nord.example"))
        fields = [field for model in district_site._registry for field in model._meta.get_fields()]
        for field in fields:
            # Those that forms complete are asked for in any case.
            if field.name in ("person", "topics") or drawn.random() < share:
                seen.add(completed(client, request, nord, field))
    return seen


def test_completing_what_is_typed_shows_only_what_a_form_offers(nord: District, seed: int) -> None:
    """Django's own address takes any model and column."""
    assert completes(nord, 0.1, seed) == {200, 403}


@pytest.mark.thorough
def test_no_column_is_completed_beyond_those(nord: District, seed: int) -> None:
    assert completes(nord, 1, seed) == {200, 403}


LISTS = ("teams", "people", "solution-teams", "topics", "contact-requests")


def test_the_api_is_not_asked_for_columns_either(nord: District, seed: int) -> None:
    """A parameter that it does not know changes nothing; one that it knows reads what is shown."""
    headers = {"authorization": f"Bearer {nord.token('editor')}"}
    client, names = nord.client(), {way.column for _, model in PAGES for way in paths(model, 0)}
    for part in LISTS:
        url = f"/api/v1/{part}/"
        before = client.get(url, headers=headers)
        for name in random.Random(seed).sample(sorted(names), 5):
            for asked in ({f"{name}__startswith": "a"}, {"ordering": name}, {"order_by": name}):
                answer = client.get(url, asked, headers=headers)
                same = answer.status_code == before.status_code and answer.json() == before.json()
                assert same or answer.status_code == 400, (url, asked)
    for word in ("baeume@nord.example", "nord.example"):
        found = client.get("/api/v1/solution-teams/", {"search": word}, headers=headers).json()
        assert found["count"] == 0


def codes() -> list[str | None]:
    return [message.id for message in checks.check_lists(None)]


def test_a_list_that_can_be_asked_for_anything_stops_every_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert codes() == []
    page = district_site._registry[User]
    monkeypatch.setattr(page, "search_fields", ("email", "password"))
    assert codes() == ["wiq.E019"]
    monkeypatch.setattr(page, "search_fields", ("email",))
    monkeypatch.setitem(district_site._registry, User, object.__new__(_Open))
    assert codes() == ["wiq.E019"]


class _Open:
    """A page that forgot the rule."""

    search_fields: tuple[str, ...] = ()
    list_filter: tuple[str, ...] = ()
    date_hierarchy = None


def test_a_column_that_a_page_hides_is_neither_searched_nor_a_filter(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = next(
        page for page in district_site._registry.values() if isinstance(page, HidesContactAddress)
    )
    assert isinstance(page, ListedLookups)
    monkeypatch.setattr(page, "search_fields", ("name", "contact_email"))
    monkeypatch.setattr(page, "list_filter", ("contact_email",))
    with nord.inside():
        for role, may in (("coordinator", True), ("editor", False)):
            request = as_read_by(User.objects.get(email=f"{role}@nord.example"))
            assert page.lookup_allowed("contact_email__startswith", "u", request) is may
            assert ("contact_email" in page.get_search_fields(request)) is may
            assert ("contact_email" in page.get_list_filter(request)) is may


def test_a_filter_of_our_own_is_asked_by_its_word_alone(nord: District) -> None:
    """Its word may one day be the name of a column."""
    client = nord.signed_in("coordinator")
    url = "/koordination/audit/entry/"
    assert client.get(url, {"was": "account.created"}).status_code == 200
    assert client.get(url, {"was__startswith": "account"}).status_code == 400
