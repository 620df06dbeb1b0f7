"""What people paste with what nobody sees in it: taken, cleaned, and never passed on."""

import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from api.inbound import MailParser
from api.moving import BytesParser
from api.parsers import StrictJSONParser
from directory.contact.models import ContactRequest
from directory.following.models import Subscription
from directory.ideas.models import Idea
from directory.people import services as people
from directory.people.models import Person
from directory.solutions.models import SolutionTeam, Update
from tests.cast import ACTOR, MESSAGE, PASSWORD, District, body, form, idea_form
from tests.editing.opened import opened
from tests.mails import caught, deliver_all
from wiq.accounts.models import User
from wiq.audit import records
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.submissions import rules
from wiq.typed import cleaned, line, paragraphs

UNSEEN = [
    "\u00ad", "\u200b", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2060", "\u2066",
    "\u2067", "\u2068", "\u2069", "\ufeff", "\ufffe", "\uffff", "\U0001fffe", "\ufdd0",
]  # fmt: skip
ALL = "".join(UNSEEN)
FAMILY, PERSIAN, ARABIC = "👨\u200d👩\u200d👧", "علی\u200cرضا", "\u200fمرحبا\u200e (A)"


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
def test_what_nobody_sees_is_gone_from_texts_and_lines(sign: str) -> None:
    for step in (cleaned, paragraphs, line):
        assert step(f"{sign}Grüne{sign} Bäume{sign}") == "Grüne Bäume"
    assert line(sign) == paragraphs(sign) == ""


@pytest.mark.parametrize("text", [FAMILY, PERSIAN, ARABIC, "❤\ufe0f", "ein\u202fkm"])
def test_what_is_seen_or_heard_stays_in_a_text(text: str) -> None:
    assert paragraphs(text) == cleaned(text) == text


def test_a_line_keeps_joiners_where_letters_need_them_and_no_direction() -> None:
    assert line(PERSIAN) == PERSIAN
    assert line(FAMILY) == FAMILY
    assert line("An\u200cna\u200d\u200e Beispiel\u200f") == "Anna Beispiel"


@pytest.mark.parametrize(
    "mark", ["\x0b", "\x0c", "\r", "\r\n", "\x85", "\u2028", "\u2029"], ids=ascii
)
def test_a_word_processors_line_break_is_one(mark: str) -> None:
    assert paragraphs(f"eins{mark}zwei") == "eins\nzwei"


def test_letters_are_composed_and_spaces_are_plain() -> None:
    assert cleaned(unicodedata.normalize("NFD", "Grünau\u00a04")) == "Grünau 4"
    assert cleaned("a\tb\nc \x07") == "a\tb\nc \x07"


@pytest.mark.parametrize(
    "pasted",
    [
        "mailto:anna@beispiel.example", "MAILTO:anna@beispiel.example?subject=Garten",
        "Anna Nord <anna@beispiel.example>", "<anna@beispiel.example>,", "anna@beispiel.example.",
        "„anna@beispiel.example“", '"Nord, Anna" <anna@beispiel.example>;',
    ],
)  # fmt: skip
def test_an_address_with_what_stands_around_it_is_taken(pasted: str) -> None:
    assert rules.check_email(pasted) == "anna@beispiel.example"


@pytest.mark.parametrize(
    "pasted",
    ["anna@a.example, ben@b.example", "Anna <anna@a.example> <ben@b.example>", "<>"],
)
def test_what_is_not_one_address_is_not_guessed(pasted: str) -> None:
    with pytest.raises(ValidationError):
        rules.check_email(pasted)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\u202d+49 341 123456\u202c", "+49 341 123456"),
        ("0341\u00a0123\u202f456", "0341 123 456"),
        ("\ufeff0341\u2212123456\u200e", "0341\u2212123456"),
        ("0341\u2028123456", "0341 123456"),
        ("\uff10\uff13\uff14\uff11 123456", "0341 123456"),
        ("tel:+49341123456", "+49341123456"),
        ("Tel.: 0341 123456", "0341 123456"),
    ],
)
def test_a_pasted_phone_number_is_taken(nord: District, pasted: str, kept: str) -> None:
    answer = nord.client().post("/kontakt/", form(email="", phone=pasted))
    assert answer.status_code == 303
    with nord.inside():
        assert ContactRequest.objects.get().phone == kept


@pytest.mark.parametrize("around", [*UNSEEN, "\u00a0", "\u200e", "\u2028", "\x0b"], ids=ascii)
def test_a_pasted_address_is_taken(nord: District, around: str) -> None:
    typed = f"{around}erika@beispiel.example{around}"
    assert nord.client().post("/kontakt/", form(email=typed)).status_code == 303
    with nord.inside():
        assert ContactRequest.objects.get().email == "erika@beispiel.example"


NOTHING = [
    "\u200b",
    ALL,
    "\u00a0 \u2003",
    "\u200d\u200c",
    "\u200e",
    "\u3164",
    "\u2800",
    "\u034f",
    "\ufe0f",
]


@pytest.mark.parametrize("nothing", NOTHING, ids=ascii)
def test_a_name_of_nothing_else_is_missing_on_pages_and_in_the_api(
    nord: District, nothing: str
) -> None:
    page = nord.client().post("/kontakt/", form(name=nothing))
    assert page.status_code == 422
    assert "Bitte geben Sie Ihren Namen an." in page.content.decode()
    answer = nord.client().post("/api/v1/contact-requests/", body(name=nothing), "application/json")
    assert answer.status_code == 400
    headers = {"Authorization": f"Bearer {nord.token()}"}
    for path, sent in (("people", {"slug": "n", "name": nothing}),
                       ("solution-teams", {"slug": "n", "name": nothing})):  # fmt: skip
        made = nord.client().post(f"/api/v1/{path}/", sent, "application/json", headers=headers)
        assert made.status_code == 400, path
    desk = nord.signed_in("coordinator")
    add = "/koordination/people/person/add/"
    desk.post(add, opened(desk, add) | {"name": nothing, "slug": "n"})
    with nord.inside():
        assert not Person.objects.filter(slug="n").exists()
        assert not SolutionTeam.objects.filter(slug="n").exists()


def test_a_message_keeps_emoji_and_arabic_and_gets_line_breaks(nord: District) -> None:
    sent = f"{MESSAGE}\x0b{FAMILY}\u2028{ARABIC}\u2029\u202eEnde\ufeff"
    nord.client().post("/kontakt/", form(message=sent))
    nord.client().post("/idee/", idea_form(description=sent, title="Bank\u202e am\x0bKanal"))
    with nord.inside():
        kept = f"{MESSAGE}\n{FAMILY}\n{ARABIC}\nEnde"
        assert ContactRequest.objects.get().message == kept
        assert Idea.objects.get().description == kept
        assert Idea.objects.get().title == "Bank am Kanal"


def test_a_name_turns_no_list_around(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    add = "/koordination/people/person/add/"
    desk.post(add, opened(desk, add) | {"name": "Ada\u202e Lehmann\u2067", "slug": "ada-l"})
    with nord.inside():
        assert Person.objects.get(slug="ada-l").name == "Ada Lehmann"
        person = Person(name="Bea\u2066\u200f", slug="bea", about="Ton\x0bAus\ufffe")
        assert people.save(person, actor=ACTOR).about == "Ton\nAus"
        assert Person.objects.get(slug="bea").name == "Bea"
        assert not Person.objects.filter(name__contains="\u202e").exists()


def test_what_is_searched_for_and_subscribed_is_cleaned_too(nord: District) -> None:
    page = nord.client().get("/loesungsteams/", {"q": "\u200bGrüne\u00adBäume\ufeff"})
    assert "Grüne Bäume" in page.content.decode()
    sent = {"email": "\u200bneu@beispiel.example\u00a0", "privacy_acknowledged": "on"}
    nord.client().post("/abonnieren/", sent)
    with nord.inside():
        assert Subscription.objects.get().email == "neu@beispiel.example"


def test_who_signs_in_may_paste_the_address_and_no_password_is_changed(nord: District) -> None:
    odd = f"{PASSWORD}\u00a0\u200b"
    with nord.inside():
        user = User.objects.get(email="editor@nord.example")
        user.set_password(odd)
        user.save()
    for password, goes_in in ((PASSWORD, False), (odd, True)):
        client = nord.client()
        client.post(
            "/anmelden/", {"login": "\u200beditor@nord.example\u00a0", "password": password}
        )
        assert ("session" in client.cookies) is goes_in


def text_columns() -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.generated
    ]


def test_every_text_of_every_table_is_cleaned_where_it_is_written() -> None:
    for model, field in text_columns():
        row = model()
        setattr(row, field.attname, f"a\u202eb{ALL}c\u0308")
        records.tidy(row)
        assert getattr(row, field.attname) == "abc\u0308", (model, field.name)


def views_of(patterns: list[URLPattern | URLResolver]) -> list[type]:
    found: list[type] = []
    for one in patterns:
        if isinstance(one, URLResolver):
            found += views_of(one.url_patterns)
        else:
            found += [
                getattr(one.callback, "cls", None) or getattr(one.callback, "view_class", None)
            ]
    return [view for view in found if hasattr(view, "parser_classes")]


@pytest.mark.parametrize("urls", ["wiq.urls.district", "wiq.urls.public"])
def test_no_part_of_the_api_reads_a_text_past_the_normaliser(urls: str) -> None:
    views = views_of(get_resolver(urls).url_patterns)
    assert len(views) > 4
    for view in views:
        # A mail is taken as its bytes; whoever reads it cleans what it says. So are the rows of a
        # district that moves here, which were cleaned where they were typed.
        as_bytes = (MailParser, BytesParser)
        texts = [parser for parser in view.parser_classes if parser not in as_bytes]
        assert all(issubclass(parser, StrictJSONParser) for parser in texts), view


def test_a_feed_and_a_mail_hold_only_what_xml_can_also_of_old_rows(
    nord: District, maildir: Path
) -> None:
    with nord.inside():
        Update.objects.update(text="Ton\x07 aus\x0b Rand\ufffe\uffff Ende")
        SolutionTeam.objects.filter(slug="baeume").update(name="Grüne\x0c Bäume\ufffe")
    feed = nord.client().get("/neuigkeiten/feed/")
    assert feed.status_code == 200
    assert "Ton aus Rand Ende" in "".join(ElementTree.fromstring(feed.content).itertext())
    ElementTree.fromstring(nord.client().get("/sitemap.xml").content)
    with nord.inside():
        written = mail.enqueue(
            kind="test", to="xml@typed.example", subject="Ton\x07 A\ufffe", text="Rand\x0b\ufffe B"
        )
        assert (written.subject, written.text) == ("Ton A", "Rand B")
        Message.objects.filter(pk=written.pk).update(text="Rand\x0b\ufffe alt", subject="A\x07lt")
    deliver_all(nord)
    sent = caught(maildir, "xml@typed.example")[0]
    assert sent["Subject"] == "Alt"
    assert "Rand alt" in sent.get_content()


@pytest.mark.parametrize(("name", "kept"), [("Ada\u202e\u00a0Nord", "Ada Nord"), ("\u200b", None)])
def test_an_import_cleans_and_finds_missing_what_a_file_only_seems_to_hold(
    nord: District, tmp_path: Path, name: str, kept: str | None
) -> None:
    with nord.inside():
        Person.objects.filter(slug="ada").update(name=name)
    target = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(target))
    try:
        call_command("import_district", str(target), slug="nord-zwei")
    except Exception as error:
        assert kept is None, error
        assert "people.person" in str(error)
        return
    with District("nord-zwei").inside():
        assert Person.objects.get(slug="ada").name == kept


def test_a_command_and_the_console_clean_as_well(platform: Client) -> None:
    call_command("create_district", "west", name="West\u202e\u00adviertel", city="Leipzig\u00a0")
    assert District("west").row.name == "Westviertel"


def test_a_rule_alone_cleans_as_well() -> None:
    assert rules.check_name("\ufeffErika\u00a0 Beispiel\u202c") == "Erika Beispiel"
    with pytest.raises(ValidationError):
        rules.check_message("\u200d\u200e" * 20)
