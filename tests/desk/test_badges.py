"""The colours of states in the lists of the administration."""

import re
from typing import Any

import pytest
from django.contrib.admin import AdminSite
from django.db.models import Model

from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from directory.solutions.models import SolutionTeam
from tenants.applications.models import Application
from tests.cast import District, form
from wiq.admin.sites import district_site, platform_site


def test_a_new_request_is_red_and_a_closed_one_grey_each_called_by_its_name(
    nord: District,
) -> None:
    for number in range(2):
        nord.client().post("/kontakt/", form(name=f"Erika {number}"))
    with nord.inside():
        ContactRequest.objects.filter(pk=ContactRequest.objects.latest("pk").pk).update(
            state="closed"
        )
    page = nord.signed_in("coordinator").get("/koordination/contact/contactrequest/")
    badges = re.findall(
        r'<span class="([^"]*)"\s*>\s*(eingegangen|erledigt)\s*<', page.content.decode()
    )
    assert {(word, "bg-red-100" in css) for css, word in badges} == {
        ("eingegangen", True),
        ("erledigt", False),
    }


@pytest.mark.parametrize(
    ("model", "site"),
    [
        (ContactRequest, district_site),
        (Idea, district_site),
        (SolutionTeam, district_site),
        (Application, platform_site),
    ],
)
def test_every_state_is_called_by_its_name_and_some_have_a_colour(
    model: type[Model], site: AdminSite
) -> None:
    shown: Any = site.get_model_admin(model).shown_state
    states = dict(model._meta.get_field("state").flatchoices)
    assert set(shown.label) == set(states)
    assert "success" in shown.label.values()
    for state, name in states.items():
        assert shown(model(state=state)) == (state, name)
