"""The guide: from a new district to a public one, each step saved by itself, the gate at the end."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from directory.people.models import Seat, Team
from directory.solutions.models import SolutionTeam
from tenants.districts import lookup, preview
from tests.accountability.test_folder import CONTRACT, sign
from tests.cast import ACTOR, District
from wiq.accounts import services as accounts
from wiq.accounts.models import Invitation
from wiq.accounts.roles import Role
from wiq.mail.models import Message

GUIDE = "/koordination/leitfaden/"
OPERATOR = {
    "operator-legal_name": "Verein West e. V.",
    "operator-address": "Weststraße 1, 04229 Leipzig",
    "operator-representative": "Kim West",
    "operator-email": "verein@west.example",
    "operator-phone": "0341 123456",
    "operator-news_editor": "Kim West, Weststraße 1, 04229 Leipzig",
    "operator-publicly_funded": "false",
}
LEGAL = {
    "legal-accessibility_checked_on": "2026-11-02",
    "legal-accessibility_gaps": "",
}


@pytest.fixture
def desk(west: District) -> Client:
    return west.signed_in("coordinator")


def save(desk: Client, step: str, which: str, **fields: Any) -> Any:
    return desk.post(f"{GUIDE}{step}/", {"was": which, **fields}, follow=True)


def code(west: District) -> str:
    with west.inside():
        text = Message.objects.filter(kind="contact.mailbox").latest("pk").text
    return re.findall(r"^\d{6}$", text, re.MULTILINE)[0]


def test_from_a_new_district_to_a_public_one(west: District, desk: Client) -> None:
    publish = f"{GUIDE}veroeffentlichen/"
    refused = save(desk, "veroeffentlichen", "veroeffentlichen").content.decode()
    for words in ("Träger des Quartiers", "Postfach", "veröffentlichtes Team", "zweite Person"):
        assert words in refused
    assert west.client().get("/").status_code == 404

    save(desk, "traeger", "operator", **OPERATOR)
    save(desk, "traeger", "legal", **LEGAL)
    assert west.row.operator.legal_name == "Verein West e. V."
    look = {"look-name": "Westviertel", "look-colour": "#7a3b9d", "look-intro": "Hier geht was.",
            "look-phone": ""}  # fmt: skip
    save(desk, "auftritt", "look", **look)
    assert west.row.colour == "#7a3b9d"
    save(desk, "postfach", "mailbox", **{"mailbox-email": "ut@west.example"})
    save(desk, "postfach", "code", **{"code-code": code(west)})
    save(desk, "unterstuetzungsteam", "team",
         **{"team-name": "Unterstützungsteam", "team-description": "Für alle da.",
            "team-is_published": "on"})  # fmt: skip
    with west.inside():
        seats = list(Seat.objects.values_list("pk", flat=True))
    steering = {f"seat-{pk}-state": "taken" if pk == seats[0] else "vacant" for pk in seats}
    save(desk, "steuerungsteam", "alles", **steering,
         **{"team-name": "Steuerungsteam", "team-description": ""})  # fmt: skip
    first = {"first-name": "Bank am Kanal", "first-challenge": "Es fehlt ein Platz.",
             "first-approach": "Wir bauen eine.", "first-is_public": "on"}  # fmt: skip
    save(desk, "loesungsteam", "first", **first)
    assert "zweite Person" in desk.get(publish).content.decode()
    save(desk, "koordination", "second", **{"second-email": "zwei@west.example"})
    with west.inside():
        assert Invitation.objects.get(email="zwei@west.example").role == "coordinator"
        accounts.create_account(email="zwei@west.example", role=Role.COORDINATOR)
        assert SolutionTeam.objects.get().state == "running"
        assert Seat.objects.filter(state="taken").count() == 1
    assert "unterschrieben und eingetragen" in desk.get(publish).content.decode()
    assert sign(west, CONTRACT) == 302
    assert "Jetzt veröffentlichen" in desk.get(publish).content.decode()
    save(desk, "veroeffentlichen", "veroeffentlichen")
    assert west.row.state == "published"
    lookup.forget_all()
    assert "Hier geht was." in west.client().get("/").content.decode()
    index = desk.get(GUIDE).content.decode()
    assert "✓ erledigt" in index
    assert "○ <a" in index and "Dranbleiben" in index
    save(desk, "veroeffentlichen", "verbergen")
    assert west.row.state == "hidden"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    west: District, desk: Client
) -> None:
    page = save(desk, "auftritt", "look", **{"look-name": "Neu", "look-colour": "blau",
                                             "look-intro": "Ein Text."})  # fmt: skip
    assert page.status_code == 422
    assert "#1f6f54" in page.content.decode()
    assert "Ein Text." in page.content.decode()
    assert west.row.name == "Westviertel"
    taken = save(desk, "koordination", "second", **{"second-email": "editor@westviertel.example"})
    assert "schon ein Konto" in taken.content.decode()
    assert desk.get(f"{GUIDE}nirgends/").status_code == 404
    assert desk.post(f"{GUIDE}auftritt/", {"was": "anderes"}).status_code == 404


def test_a_mailbox_is_proven_by_the_code_alone(west: District, desk: Client) -> None:
    save(desk, "postfach", "mailbox", **{"mailbox-email": "ut@west.example"})
    right = code(west)
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(5):
        assert (
            "stimmt nicht"
            in save(desk, "postfach", "code", **{"code-code": wrong}).content.decode()
        )
    assert "zu oft" in save(desk, "postfach", "code", **{"code-code": right}).content.decode()
    save(desk, "postfach", "mailbox", **{"mailbox-email": "ut@west.example"})
    save(desk, "postfach", "code", **{"code-code": f" {code(west)} "})
    from directory.contact import mailboxes

    with west.inside():
        assert mailboxes.is_proven()
        # Another address has to be proven anew.
        Team.objects.filter(kind="support").update(contact_email="anders@west.example")
        assert not mailboxes.is_proven()


def test_no_button_saves_two_forms_where_a_wrong_code_must_be_counted(
    west: District, desk: Client
) -> None:
    save(desk, "postfach", "mailbox", **{"mailbox-email": "ut@west.example"})
    both = {"mailbox-email": "ut@west.example", "code-code": "000000"}
    assert desk.post(f"{GUIDE}postfach/", {"was": "alles", **both}).status_code == 404


def test_a_suspension_is_not_undone_by_a_button_pressed_meanwhile(
    nord: District, desk: Client
) -> None:
    from tenants.districts import moves
    from tenants.districts.models import District as Row

    seen = nord.row
    Row.objects.filter(slug="nord").update(state="suspended")
    with nord.inside(), pytest.raises(ValidationError):
        moves.hide(seen, actor=ACTOR)
    assert nord.row.state == "suspended"


def test_a_traeger_of_several_districts_is_changed_by_the_project_team(
    nord: District, west: District, desk: Client
) -> None:
    save(desk, "traeger", "operator", **OPERATOR)
    row = nord.row
    row.operator = west.row.operator
    row.save(update_fields=["operator"])
    page = desk.get(f"{GUIDE}traeger/").content.decode()
    assert "Nur das Projektteam kann" in page
    assert desk.post(f"{GUIDE}traeger/", {"was": "operator", **OPERATOR}).status_code == 404


def test_the_guide_is_for_the_coordination(west: District) -> None:
    editor = west.signed_in("editor")
    assert editor.get(GUIDE).status_code == 403
    assert editor.post(f"{GUIDE}veroeffentlichen/", {"was": "veroeffentlichen"}).status_code == 403
    assert west.client().get(GUIDE).status_code == 302


def test_the_preview_link_opens_a_draft_in_one_browser(west: District, desk: Client) -> None:
    # Read from the page: a link made here would carry another second than the page's.
    shown = re.search(r"/vorschau/[^/\"]+/", desk.get(f"{GUIDE}vorschau/").content.decode())
    assert shown is not None
    path = shown[0]
    guest = west.client()
    assert guest.get("/").status_code == 404
    assert guest.get(path).status_code == 302
    page = guest.get("/")
    assert page.status_code == 200
    assert "noch nicht öffentlich" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert west.client().get("/").status_code == 404
    # A new link ends the older one, and whoever came through it.
    save(desk, "vorschau", "vorschau")
    lookup.forget_all()
    assert guest.get("/").status_code == 404
    assert guest.get(path).status_code == 410


def test_a_preview_link_is_worth_nothing_next_door(west: District, nord: District) -> None:
    with west.inside():
        path = preview.link(west.row).partition("8000")[2]
    assert nord.client().get(path).status_code == 410
