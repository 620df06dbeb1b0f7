"""Made from the registries of both sites: every page takes a new object, no list tells too much."""

from typing import Any

import pytest
from django import forms
from django.contrib.admin import SimpleListFilter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from directory.people.dates import today
from tests.cast import District
from tests.editing.opened import fields_of
from tests.people.test_pages import picture
from tests.videos.films import WORDS, film
from wiq.admin.sites import district_site, platform_site

SITES = {site.name: site for site in (district_site, platform_site)}
PAGES = [
    pytest.param(name, model, id=f"{name}-{model._meta.label_lower}")
    for name, site in SITES.items()
    for model in site._registry
]


@pytest.fixture
def clients(nord: District, console: Client) -> dict[str, Client]:
    """Who may do most at each of the two sites."""
    return {"koordination": nord.signed_in("coordinator"), "plattform": console}


def address(site: str, model: Any) -> str:
    return f"/{site}/{model._meta.app_label}/{model._meta.model_name}/"


def offered(page: Any) -> set[str]:
    """Return what a list offers to be filtered by: its filters, its search and its calendar."""
    filters = [
        one.parameter_name if isinstance(one, type) and issubclass(one, SimpleListFilter) else one
        for one in page.list_filter
    ]
    return {*filters, *page.search_fields, *page.lookups, page.date_hierarchy}


def beyond(model: Any) -> list[str]:
    """Return the columns that are one relation away."""
    return [
        f"{field.name}__{far.name}"
        for field in model._meta.get_fields()
        if field.related_model is not None
        for far in field.related_model._meta.get_fields()
    ]


@pytest.mark.parametrize(("site", "model"), PAGES)
def test_a_list_is_asked_only_for_what_it_offers(
    clients: dict[str, Client], site: str, model: Any
) -> None:
    page = SITES[site]._registry[model]
    listed = offered(page)
    answers = {
        name: clients[site].get(address(site, model), {f"{name}__startswith": "x"}).status_code
        for name in (field.name for field in model._meta.get_fields())
    }
    told = {name for name, status in answers.items() if status != 400}
    assert told <= listed, told - listed
    assert {answers[name] for name in told} <= {200, 302}
    request = clients[site].get(address(site, model)).wsgi_request
    far = {
        name for name in beyond(model) if page.lookup_allowed(f"{name}__startswith", "x", request)
    }
    assert far <= listed, far - listed


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("lookup", ["password", "password__startswith", "password__regex"])
def test_nobody_reads_a_password_letter_by_letter(
    clients: dict[str, Client], site: str, lookup: str
) -> None:
    assert clients[site].get(f"/{site}/accounts/user/", {lookup: "pbkdf2"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("people/consent", {"scope__exact": "profile", "zu-tun": "einholen"}),
        ("solutions/solutionteam", {"topics__id__exact": "1", "state__exact": "running"}),
        ("contact/contactrequest", {"created_at__year": "2024", "created_at__month": "5"}),
        ("contact/contactrequest", {"team__isnull": "True"}),
        ("accounts/user", {"is_active__exact": "1", "q": "nord"}),
    ],
)
def test_the_filters_of_a_list_go_on_working(
    nord: District, path: str, query: dict[str, str]
) -> None:
    client = nord.signed_in("coordinator")
    assert client.get(f"/koordination/{path}/", query).status_code == 200


def test_a_relation_that_is_a_filter_is_no_door_to_the_other_table(nord: District) -> None:
    client, url = nord.signed_in("coordinator"), "/koordination/contact/contactrequest/"
    assert client.get(url, {"team__id__exact": str(nord.team().pk)}).status_code == 200
    for lookup in ("team__contact_email__startswith", "team__name", "team__id__regex"):
        assert client.get(url, {lookup: "u"}).status_code == 400, lookup


def test_no_list_is_asked_with_a_pattern(nord: District) -> None:
    client, url = nord.signed_in("coordinator"), "/koordination/accounts/user/"
    assert client.get(url, {"email__startswith": "coordinator"}).status_code == 200
    assert client.get(url, {"email__regex": "("}).status_code == 400


# What rules of the rooms ask for beyond the fields that must be filled in.
BESIDES = {
    "contact.contactrequest": {"phone": "0341 12345", "message": "Bitte zurückrufen."},
    "events.event": {"day": today().isoformat(), "time": "18:00"},
    "people.consent": {"given_on": "2024-05-02", "given_how": "written"},
    "people.seat": {"state": "vacant"},
    "solutions.synonyms": {"words": "Klo, WC"},
    "videos.video": {"captions": WORDS},
}


def typed(name: str, field: forms.Field) -> Any:
    """Return something that a field takes."""
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.first().pk)
    if isinstance(field, forms.ChoiceField):
        return next(str(value) for value, _label in field.choices if value)
    if isinstance(field, forms.ImageField):
        return picture()
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile("film.mp4", film("mp4"), "video/mp4")
    if isinstance(field, forms.EmailField):
        return "neu@beispiel.example"
    if isinstance(field, forms.DateField):
        return f"{today():%Y-%m-%d}"
    if isinstance(field, forms.IntegerField):
        return "77"
    return "neu" if name in ("slug", "abbreviation") else "Neues Wort"


def filled(model: type[models.Model], form: Any, prefix: str = "") -> dict[str, Any]:
    """Return a new object as somebody types it: what must be given, and what rules ask for."""
    sent = {
        f"{prefix}{name}": typed(name, field)
        for name, field in form.fields.items()
        if field.required and not isinstance(field, forms.BooleanField)
    }
    besides = BESIDES.get(model._meta.label_lower, {})
    return sent | {f"{prefix}{name}": value for name, value in besides.items()}


@pytest.mark.parametrize(("site", "model"), PAGES)
def test_a_new_object_is_put_in_together_with_its_first_rows(
    nord: District, clients: dict[str, Client], site: str, model: Any
) -> None:
    client, url = clients[site], f"{address(site, model)}add/"
    answer = client.get(url)
    if answer.status_code == 403:
        return  # nobody puts one in by hand
    sent = fields_of(answer.content.decode())
    with nord.inside():
        sent |= filled(model, answer.context["adminform"].form)
        inlines = [
            inline for inline in answer.context["inline_admin_formsets"]
            if inline.formset.max_num > 0
        ]  # fmt: skip
        for inline in inlines:
            formset, rows = inline.formset, inline.formset.model
            sent[f"{formset.prefix}-TOTAL_FORMS"] = "1"
            sent |= filled(rows, formset.empty_form, f"{formset.prefix}-0-")
    made = client.post(url, sent)
    assert made.status_code == 302, made.context["errors"]
    with nord.inside():
        for inline in inlines:
            parent = inline.formset.fk.name
            newest = model._default_manager.order_by("pk").last()
            assert inline.formset.model._default_manager.filter(**{parent: newest}).count() == 1
