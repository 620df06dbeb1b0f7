"""The contact form: what a resident may rely on."""

import pytest

from directory.contact.models import ContactRequest
from tests.cast import MESSAGE, District, form
from wiq.mail.models import Message
from wiq.outbox.models import Pointer


def test_a_request_is_kept_with_its_mails_and_pointers(nord: District) -> None:
    response = nord.client().post("/kontakt/", form())
    assert response.status_code == 303
    with nord.inside():
        kept = ContactRequest.objects.get()
        mails = {mail.kind: mail for mail in Message.objects.about(kept)}
        assert (kept.name, kept.message, kept.state) == ("Erika Beispiel", MESSAGE, "new")
        assert kept.team == nord.team()
        assert set(mails) == {"contact.team", "contact.confirmation"}
        pointers = Pointer.objects.filter(message_uuid__in=[m.uuid for m in mails.values()])
        assert {pointer.district_id for pointer in pointers} == {nord.row.pk}
    assert kept.token in response.headers["Location"]


def test_a_phone_number_alone_is_enough_and_gets_no_confirmation(nord: District) -> None:
    response = nord.client().post("/kontakt/", form(email="", phone="0341 123456"))
    assert response.status_code == 303
    with nord.inside():
        assert [mail.kind for mail in Message.objects.all()] == ["contact.team"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"email": "", "phone": ""}, "email", "E-Mail-Adresse oder eine Telefonnummer"),
        ({"email": "erika@"}, "email", "E-Mail-Adresse stimmt nicht"),
        ({"email": "a@b.example, c@d.example"}, "email", "nur eine E-Mail-Adresse"),
        ({"phone": "ruf mich an"}, "phone", "nur die Telefonnummer"),
        ({"email": "oma krause@web.example"}, "email", "kein Leerzeichen"),
        ({"phone": "0341 12345 (nach 18 Uhr)"}, "phone", "nur die Telefonnummer"),
        ({"name": " "}, "name", "Ihren Namen"),
        ({"name": "Erika\r\nBcc: alle@beispiel.example"}, "name", "Zeilenumbrüche"),
        ({"name": "x" * 121}, "name", "zu lang"),
        ({"message": "x" * 9}, "message", "mindestens 10"),
        ({"message": "x" * 5001}, "message", "5001 Zeichen"),
        ({"message": f"{MESSAGE}\x00"}, "message", "Zeichen, die wir nicht lesen können"),
        ({"privacy_acknowledged": None}, "privacy_acknowledged", "Datenschutzhinweise"),
        ({"team": "gibt-es-nicht"}, "team", "gibt es hier nicht"),
        ({"team": "geheim"}, "team", "gibt es hier nicht"),
        ({"team": "\x00"}, "team", "gibt es hier nicht"),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_typed_is_lost(
    nord: District, changes: dict[str, str], field: str, words: str
) -> None:
    response = nord.client().post("/kontakt/", form(**changes))
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert set(errors) == {field}
    assert words in errors[field][0]
    page = response.content.decode()
    assert f'id="id_{field}_error"' in page
    assert f'href="#id_{field}"' in page
    if field != "message":
        assert MESSAGE in page
    with nord.inside():
        assert not ContactRequest.objects.exists()
        assert not Pointer.objects.exists()


@pytest.mark.parametrize("length", [10, 5000])
def test_the_shortest_and_the_longest_message_pass(nord: District, length: int) -> None:
    assert nord.client().post("/kontakt/", form(message="x" * length)).status_code == 303


def test_the_error_summary_takes_the_focus(nord: District) -> None:
    page = nord.client().post("/kontakt/", form(name="")).content.decode()
    assert 'id="errors" tabindex="-1"' in page
    assert "web/focus-errors.js" in page


def test_the_link_of_a_team_addresses_the_form(nord: District) -> None:
    page = nord.client().get("/kontakt/?team=steuerungsteam").content.decode()
    assert '<option value="steuerungsteam" selected>' in page
    assert nord.client().get("/kontakt/?team=%00").status_code == 400
    for odd in ("geheim", "%EF%BF%BF", "gibt-es-nicht"):
        page = nord.client().get(f"/kontakt/?team={odd}").content.decode()
        assert '<option value="unterstuetzungsteam" selected>' in page


def test_the_honeypot_keeps_a_request_as_spam_and_mails_nobody(nord: District) -> None:
    response = nord.client().post("/kontakt/", form(website="http://spam.example"))
    assert response.status_code == 303
    assert nord.client().get(response.headers["Location"]).status_code == 200
    with nord.inside():
        assert ContactRequest.objects.get().state == "spam"
        assert not Message.objects.exists()


def test_the_eleventh_post_in_a_minute_waits_and_keeps_what_was_typed(nord: District) -> None:
    client = nord.client()
    for number in range(10):
        assert client.post("/kontakt/", form(name=f"Erika {number}")).status_code == 303
    response = client.post("/kontakt/", form())
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 61
    assert MESSAGE in response.content.decode()
    with nord.inside():
        assert ContactRequest.objects.count() == 10


def test_one_districts_posts_do_not_count_in_the_other(nord: District, sued: District) -> None:
    for _index in range(10):
        nord.client().post("/kontakt/", form())
    assert nord.client().post("/kontakt/", form()).status_code == 429
    # It asks for a proof of work, which is counted over all districts, and lets nobody wait.
    assert sued.client().post("/kontakt/", form()).status_code == 422


def test_no_cookie_is_set_for_somebody_who_reads_and_writes(nord: District) -> None:
    client = nord.client()
    for path in ("/", "/menschen/", "/kontakt/", "/en/kontakt/"):
        response = client.get(path)
        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")
    location = client.post("/kontakt/", form()).headers["Location"]
    client.get(location)
    assert not client.cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://anderswo.example"},
        {"origin": "http://sued.localhost"},
        {"origin": "null"},
        {"origin": "http://["},
    ],
)
def test_another_site_cannot_make_a_visitor_write(nord: District, headers: dict[str, str]) -> None:
    assert nord.client(**headers).post("/kontakt/", form()).status_code == 403
    with nord.inside():
        assert not ContactRequest.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://nord.localhost"}, {}]
)
def test_the_own_page_may_write(nord: District, headers: dict[str, str]) -> None:
    assert nord.client(**headers).post("/kontakt/", form()).status_code == 303


def test_broken_text_of_a_form_gives_no_server_error(nord: District) -> None:
    response = nord.client().post(
        "/kontakt/",
        b"name=%ED%A0%80&email=a%40b.example&message=%FF%FE%00&privacy_acknowledged=on",
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 422
    response = nord.client().post("/kontakt/", b"{}", content_type="application/json")
    assert response.status_code == 422
    response = nord.client().post("/kontakt/", b"x", content_type="multipart/form-data; boundary=")
    assert response.status_code == 400


def test_a_change_is_reported_by_a_mails_link_alone(nord: District) -> None:
    typed = form(team=None, solution_team="baeume", kind="change")
    assert nord.client().post("/kontakt/", typed).status_code == 303
    with nord.inside():
        assert ContactRequest.objects.get().kind == "message"


def test_who_wrote_to_a_team_that_is_gone_chooses_anew(nord: District) -> None:
    typed = form(team=None, solution_team="gibtsnicht", kind="join")
    response = nord.client().post("/kontakt/", typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Dieses Lösungsteam gibt es nicht mehr" in page
    assert '<select name="team"' in page
    assert "Erika Beispiel" in page
    assert "gibtsnicht" not in page


def test_a_request_to_take_part_goes_to_the_solution_team(nord: District) -> None:
    typed = form(team=None, solution_team="baeume", kind="join")
    assert nord.client().post("/kontakt/", typed).status_code == 303
    with nord.inside():
        request = ContactRequest.objects.get()
        assert (request.kind, request.solution_team) == ("join", nord.solution_team())
        addresses = set(Message.objects.values_list("to", flat=True))
        assert addresses == {"baeume@nord.example", "erika@beispiel.example"}
