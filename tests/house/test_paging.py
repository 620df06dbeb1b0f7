"""No list of pages shows a row twice and another never: every order ends in the primary key."""

import re
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.views.main import ChangeList
from django.test import RequestFactory

from directory.contact.models import ContactRequest
from directory.events import services as events
from directory.people.dates import today
from directory.people.models import Team
from directory.solutions.models import SolutionTeam, Update
from directory.solutions.models.timeline import news
from tests.cast import ACTOR, District
from tests.house.test_layout import ROOT
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.admin.sites import district_site, platform_site
from wiq.paging import Pages, ends_in_key, in_full_order

MANY = 60


@pytest.fixture
def alike(nord: District) -> District:
    """Sixty of everything, of one name, one day and one moment."""
    with nord.inside():
        teams = SolutionTeam.objects.bulk_create(
            SolutionTeam(slug=f"g-{n}", name="Garten", sort_key="garten", state="running",
                         title_key="garten", text_key="garten") for n in range(MANY)
        )  # fmt: skip
        SolutionTeam.objects.filter(pk__in=[t.pk for t in teams]).update(last_news_on="2026-01-01")
        garden = SolutionTeam.objects.get(slug="g-0")
        Update.objects.bulk_create(
            Update(solution_team=garden, date="2026-01-01", text=f"Neues {n}") for n in range(MANY)
        )
        Update.objects.update(created_at="2026-01-01T12:00:00Z")
        Team.objects.bulk_create(
            Team(slug=f"t-{n}", kind="core", name="Garten", abbreviation=f"T{n}", position=7)
            for n in range(MANY)
        )
        ContactRequest.objects.bulk_create(
            ContactRequest(reference=f"R{n:04}-XX", token=f"{n:032}", name="Erika", message="M",
                           email="e@b.example") for n in range(MANY)
        )  # fmt: skip
        ContactRequest.objects.update(created_at="2026-01-01T12:00:00Z")
        for n in range(MANY):
            events.announce(title=f"Termin {n}", day=today(), time=time(18), actor=ACTOR)
    return nord


def test_the_registry_shows_each_of_sixty_alike_once(alike: District) -> None:
    # One after the other: to make sixty of everything takes longer than to look at them.
    for query in (
        "?", "?sortierung=neues", "?q=Garten", "?q=Garten&sortierung=name", "?status=running",
    ):  # fmt: skip
        seen: list[str] = []
        for number in (1, 2, 3):
            page = alike.client().get(f"/loesungsteams/{query}&seite={number}").content.decode()
            seen += re.findall(r'href="/loesungsteams/(g-\d+)/"', page)
        assert len(set(seen)) == MANY, query


def test_the_news_show_each_of_sixty_alike_once(alike: District) -> None:
    pages = [alike.client().get(f"/neuigkeiten/?seite={n}").content.decode() for n in (1, 2, 3, 4)]
    assert len(set(re.findall(r"Neues (\d+)", "".join(pages)))) == MANY


def test_the_api_lists_each_of_sixty_alike_once(alike: District) -> None:
    client = alike.client(authorization=f"Bearer {alike.token()}")
    for path in (
        "solution-teams/?", "solution-teams/?ordering=-news", "solution-teams/?ordering=name",
        "solution-teams/?search=Garten", "teams/?", "contact-requests/?", "events/?",
    ):  # fmt: skip
        seen: list[str | int] = []
        number = 1
        while True:
            found = client.get(f"/api/v1/{path}&page_size=7&page={number}").json()
            seen += [
                row.get("reference") or row.get("slug") or row["id"] for row in found["results"]
            ]
            if not found["next"]:
                break
            number += 1
        assert len(seen) == len(set(seen)) == found["count"] >= MANY, path


@pytest.mark.parametrize("site", [district_site, platform_site], ids=["desk", "console"])
def test_every_list_of_the_desk_and_the_console_ends_in_the_key(nord: District, site: Any) -> None:
    request = RequestFactory().get("/", headers={"host": nord.host})
    request.user = User(email="a@b.example", role=Role.COORDINATOR, is_active=True)
    for model, page in site._registry.items():
        with nord.inside():
            made = ChangeList.__new__(ChangeList)
            made.model, made.lookup_opts, made.model_admin = model, model._meta, page
            made.queryset = model._default_manager.all()
            order = made._get_deterministic_ordering(list(page.get_ordering(request) or ()))
        unique = {f.name for f in model._meta.fields if f.unique and not f.null}
        assert ends_in_key(order) or unique & {str(o).lstrip("-") for o in order}, model
        assert ends_in_key(in_full_order(model._default_manager.all()).query.order_by or ["pk"])


def test_nothing_makes_pages_but_the_paginator_that_orders_in_full() -> None:
    for folder in ("platform", "tenants", "directory", "api"):
        for file in Path(ROOT, folder).rglob("*.py"):
            if file.name != "paging.py":
                assert "core.paginator import" not in file.read_text(encoding="utf-8"), file


def test_a_union_of_tables_is_ordered_in_full_by_whoever_makes_it(nord: District) -> None:
    with nord.inside():
        assert [str(part) for part in news().query.order_by][-2:] == ["kind", "-row"]
        rows = SolutionTeam.objects.order_by("name")
        assert Pages(rows, 5).object_list.query.order_by == ("name", "pk")
        assert Pages([1, 2], 5).object_list == [1, 2]
