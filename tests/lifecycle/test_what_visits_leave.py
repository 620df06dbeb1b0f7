"""A support visit has no rights over accounts, leaves no way in, and is read in the log."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from directory.contact.models import ContactRequest
from tenants.districts import preview
from tenants.lifecycle import services as lifecycle
from tenants.visits import support
from tests.audited import details, said
from tests.cast import ACTOR, District, body, project_team, put
from tests.desk.test_guide import GUIDE
from wiq.accounts import invitations, services
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import Role
from wiq.admin.sites import district_site
from wiq.audit import names, words
from wiq.audit.models import Entry
from wiq.declared import declared

WHO = "Projektteam (team@plattform.example)"
USERS, INVITATIONS = "/koordination/accounts/user/", "/koordination/accounts/invitation/"
NEW = {"email": "bleibt@projektteam.example", "name": "Bleibt", "role": "coordinator"}


def entered(district: District, reason: str = "Frage zum Leitfaden") -> Client:
    """Return a browser in which a visit has begun."""
    link = support.open_visit(district.row, reason=reason, minutes=30, actor=project_team())
    client = district.client()
    assert client.post(link.partition("8000")[2]).status_code == 302
    return client


def visiting(district: District) -> User:
    with district.inside():
        found = User.objects.visiting().first()
    assert found is not None
    return found


def ways_in(district: District) -> dict[str, set[Any]]:
    """Return everything by which somebody comes into a district without a visit."""
    with district.inside():
        lasting = User.objects.lasting()
        return {
            "accounts": set(lasting.values_list("email", "role", "is_active", "password")),
            "invitations": set(
                Invitation.objects.values_list("email", "revoked_at", "link_number")
            ),
            "tokens": set(AuthToken.objects.values_list("digest")),
            "factors": set(Authenticator.objects.values_list("pk")),
            "preview": {district.row.preview_number},
        }


def test_every_way_to_make_an_account_is_closed_to_a_visit(nord: District) -> None:
    """A permanent coordinator could be made in one."""
    with nord.inside():
        open_one = invitations.invite(email="neu@nord.example", role=Role.EDITOR, actor=ACTOR)
        editor = User.objects.get(email="editor@nord.example")
    before, client = ways_in(nord), entered(nord)
    assert client.get(USERS).status_code == 200
    assert client.get(f"{USERS}{editor.pk}/change/").status_code == 200
    assert client.get(f"{INVITATIONS}add/").status_code == 403
    for url, sent in (
        (f"{INVITATIONS}add/", NEW),
        (f"{INVITATIONS}{open_one.pk}/change/", {"_act": "link:resend"}),
        (f"{INVITATIONS}{open_one.pk}/change/", {"_act": "link:revoke"}),
        (INVITATIONS, {"action": "resend", "_selected_action": str(open_one.pk)}),
        (f"{USERS}{editor.pk}/change/", {"name": "E", "role": "coordinator", "is_active": "on"}),
        (f"{USERS}{editor.pk}/delete/", {"post": "yes"}),
        (USERS, {"action": "delete_selected", "_selected_action": str(editor.pk), "post": "yes"}),
        (f"{GUIDE}koordination/", {"was": "second", "second-email": NEW["email"]}),
        (f"{GUIDE}vorschau/", {"was": "vorschau"}),
    ):
        client.post(url, sent)
        assert ways_in(nord) == before, url


def test_the_same_pages_work_for_the_coordination(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    assert desk.post(f"{INVITATIONS}add/", NEW).status_code == 302
    with nord.inside():
        assert Invitation.objects.get().email == NEW["email"]
    number = nord.row.preview_number
    desk.post(f"{GUIDE}vorschau/", {"was": "vorschau"})
    assert nord.row.preview_number == number + 1


def test_the_services_refuse_a_visit_whatever_page_asks_them(nord: District) -> None:
    entered(nord)
    visitor = visiting(nord)
    with nord.inside():
        editor = User.objects.get(email="editor@nord.example")
        asked = invitations.invite(email="neu@nord.example", role=Role.EDITOR, actor=ACTOR)
        role = Role.COORDINATOR
        for refused in (
            lambda: invitations.invite(email=NEW["email"], role=role, actor=visitor),
            lambda: invitations.resend(asked, actor=visitor),
            lambda: invitations.revoke(asked, actor=visitor),
            lambda: services.change_account(editor, actor=visitor, name="", role=role, is_active=True),
            lambda: services.remove_account(editor, actor=visitor),
            lambda: services.set_password(editor, "ein neues Kennwort", actor=visitor),
            lambda: services.set_password(visitor, "ein neues Kennwort", actor=ACTOR),
            lambda: services.create_token(visitor),
            lambda: preview.renew(nord.row, actor=visitor),
        ):  # fmt: skip
            with pytest.raises(ValidationError, match="Bei einem Besuch geht das nicht"):
                refused()


@pytest.mark.parametrize(
    "path",
    ["passwort/", "zweiter-faktor/", "zweiter-faktor/totp/activate/", "zweiter-faktor/webauthn/"],
)
def test_a_visit_makes_itself_no_password_and_no_second_factor(nord: District, path: str) -> None:
    client = entered(nord)
    for prefix in ("", "/en"):
        assert client.get(f"{prefix}/anmelden/{path}").status_code == 403
        assert client.post(f"{prefix}/anmelden/{path}").status_code == 403
    assert nord.signed_in("coordinator").get(f"/anmelden/{path}").status_code in (200, 302)


def test_when_it_ends_nothing_of_it_opens_anything(nord: District) -> None:
    client = entered(nord)
    before = ways_in(nord)
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert client.get("/koordination/contact/contactrequest/").status_code != 200
        assert client.get("/koordination/mitnehmen/").status_code != 200
        with nord.inside():
            lifecycle.tend()
            assert not User.objects.filter(expires_at__isnull=False).exists()
            assert not AuthToken.objects.exists()
    assert ways_in(nord) == before


def test_a_hidden_districts_preview_link_is_not_handed_to_a_visit(nord: District) -> None:
    put(nord.row, "hidden")
    assert "/vorschau/" in nord.signed_in("coordinator").get(f"{GUIDE}vorschau/").content.decode()
    page = entered(nord).get(f"{GUIDE}vorschau/").content.decode()
    assert "Bei einem Besuch steht der Link nicht hier" in page
    assert "localhost:8000/vorschau/" not in page


# -- what it reads


def sentences(district: District, action: str) -> list[str]:
    with district.inside():
        found = list(Entry.objects.filter(action=action).order_by("pk"))
        known = names.of_entries(found)
        return [words.in_words(entry, known) for entry in found]


def test_every_page_with_personal_data_that_a_visit_opens_stands_in_the_log(
    nord: District, sued: District
) -> None:
    nord.client().post("/api/v1/contact-requests/", body(), "application/json")
    with nord.inside():
        request = ContactRequest.objects.get()
    client = entered(nord)
    client.get(f"/koordination/contact/contactrequest/{request.pk}/change/")
    client.get("/koordination/contact/contactrequest/", {"q": "erika@beispiel.example"})
    client.get("/koordination/personendaten/")
    [read] = sentences(nord, "support.read")
    assert read.startswith(f"{WHO} hat beim Besuch angesehen: ")
    assert request.reference in read
    assert sentences(nord, "support.listed") == [
        f"{WHO} hat beim Besuch eine Liste angesehen: Kontaktanfragen."
    ]
    assert sentences(nord, "support.page") == [
        f"{WHO} hat beim Besuch eine Seite angesehen: Persönliche Angaben zeigen oder löschen."
    ]
    page = nord.signed_in("coordinator").get("/koordination/audit/entry/").content.decode()
    assert "hat beim Besuch eine Liste angesehen: Kontaktanfragen." in page
    with nord.inside():
        kept = json.dumps(list(Entry.objects.values_list("details", flat=True)))
    assert "erika" not in kept
    with sued.inside():
        assert said("support.") == []


def test_what_the_coordination_reads_itself_is_no_visit(nord: District) -> None:
    nord.signed_in("coordinator").get("/koordination/contact/contactrequest/")
    with nord.inside():
        assert said("support.") == []


def test_no_list_with_personal_data_is_read_unseen(nord: District) -> None:
    client, expected = entered(nord), 0
    for model, page in district_site._registry.items():
        answer = client.get(f"/koordination/{model._meta.app_label}/{model._meta.model_name}/")
        assert answer.status_code == 200, model
        data = declared(model)
        expected += bool(data and (data.personal or data.secrets or data.leaves.name != "ALWAYS"))
        assert page is not None
    assert expected > 8
    assert len(sentences(nord, "support.listed")) == expected


def test_the_district_sees_who_of_the_project_team_looks_at_its_coordination(
    nord: District, sued: District, console: Client
) -> None:
    for _twice in range(2):
        console.get(f"/plattform/districts/district/{nord.row.pk}/change/")
    assert sentences(nord, "coordination.looked_at") == [
        "team@plattform.example hat in der Konsole angesehen, wer hier koordiniert."
    ]
    assert sentences(sued, "coordination.looked_at") == []
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        console.force_login(project_team())  # after a night nobody is signed in
        console.get(f"/plattform/districts/district/{nord.row.pk}/change/")
    assert len(sentences(nord, "coordination.looked_at")) == 2


# -- the file


def export(district: District, query: str) -> Any:
    token = services.create_token(project_team())
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    return client.get(f"/api/v1/districts/{district.slug}/export/{query}")


def test_a_file_with_personal_data_is_taken_in_a_visit_with_its_reason_alone(
    nord: District, sued: District
) -> None:
    refused = export(nord, "?personal_data=1")
    assert refused.status_code == 403
    assert "nur während eines Besuchs" in refused.json()["errors"][0]["detail"]
    entered(sued)
    assert export(nord, "?personal_data=1").status_code == 403
    client = entered(nord, reason="Umzug auf einen anderen Server")
    answer = export(nord, "?personal_data=1")
    assert answer.status_code == 200
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert json.loads(packed.read("manifest.json"))["personal_data"] is True
    with nord.inside():
        assert details("district.exported")[-1]["reason"] == "Umzug auf einen anderen Server"
    assert "Grund: Umzug auf einen anderen Server" in sentences(nord, "district.exported")[-1]
    client.post("/anmelden/besuch/beenden/")
    assert export(nord, "?personal_data=1").status_code == 403


def test_without_personal_data_no_visit_is_needed(nord: District) -> None:
    answer = export(nord, "")
    assert answer.status_code == 200
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert json.loads(packed.read("manifest.json"))["personal_data"] is False


def test_a_visit_of_somebody_else_is_not_mine(nord: District) -> None:
    services.create_account(email="zweite@plattform.example", role=Role.PROJECT_TEAM)
    link = support.open_visit(
        nord.row, reason="Hilfe", minutes=30,
        actor=User.objects.get(email="zweite@plattform.example"),
    )  # fmt: skip
    assert nord.client().post(link.partition("8000")[2]).status_code == 302
    assert export(nord, "?personal_data=1").status_code == 403


def test_what_a_visit_takes_at_the_desk_is_noted_with_its_reason_in_both_logs(
    nord: District,
) -> None:
    answer = entered(nord, reason="Hilfe").post("/koordination/mitnehmen/", {"was": "alles"})
    assert answer.status_code == 200
    b"".join(answer.streaming_content)
    with nord.inside():
        noted = Entry.objects.get(action="district.exported")
        assert (noted.actor, noted.details["reason"]) == (WHO, "Hilfe")
    assert Entry.objects.get(action="district.exported").actor == WHO
