"""The legal pages: from the district's data, nothing invented, open in every state."""

import datetime

import pytest

from directory.pages import legal
from tenants.districts import services as districts
from tenants.districts.models import Operator, State
from tests.cast import ACTOR, District, put

PAGES = ("/impressum/", "/datenschutz/", "/barrierefreiheit/")


def operated(district: District, **fields: object) -> None:
    """Give a district a Träger."""
    operator = Operator(
        legal_name="Bürgerverein Nord e. V.", address="Weg 1\n04000 Leipzig", **fields
    )
    districts.save_operator(operator, actor=ACTOR)
    districts.update(district.row, actor=ACTOR, operator=operator)


def text(district: District, path: str) -> str:
    districts.lookup.forget_all()
    response = district.client().get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_imprint_says_what_is_known_and_invents_nothing(nord: District) -> None:
    assert "steht hier noch nicht" in text(nord, "/impressum/")
    operated(nord)
    page = text(nord, "/impressum/")
    assert "Bürgerverein Nord e. V." in page
    assert "04000 Leipzig" in page
    for heading in ("Vertreten durch", "Registereintrag", "Umsatzsteuer", "Verantwortlich für"):
        assert heading not in page


def test_the_imprint_names_representative_register_and_editor(nord: District) -> None:
    operated(nord, representative="Ada Nord", email="v@nord.example", phone="0341 1",
             register_entry="VR 12", vat_id="DE1", news_editor="Ada Nord\nWeg 1")  # fmt: skip
    page = text(nord, "/impressum/")
    for words in ("Vertreten durch: Ada Nord", "v@nord.example", "VR 12", "DE1"):
        assert words in page
    assert "Ada Nord<br>Weg 1" in page


@pytest.mark.parametrize("path", ["/impressum/", "/datenschutz/"])
def test_who_is_responsible_can_be_reached_by_mail_and_phone_where_that_is_known(
    nord: District, path: str
) -> None:
    operated(nord, email="v@nord.example", phone="0341 / 12 34-5")
    page = text(nord, path)
    assert 'href="mailto:v@nord.example"' in page
    assert 'href="tel:+4934112345"' in page
    assert "0341\xa0/\xa012\xa034-5" in page
    Operator.objects.update(email="", phone="")
    page = text(nord, path)
    assert "mailto:" not in page
    assert "tel:" not in page


def test_the_imprint_names_the_districts_own_number_beside_it(nord: District) -> None:
    operated(nord, phone="0341 1")
    districts.update(nord.row, actor=ACTOR, phone="0341 22")
    page = text(nord, "/impressum/")
    assert page.index('href="tel:+493411"') < page.index("Telefon im Quartier")
    districts.update(nord.row, actor=ACTOR, phone="0341 1")
    assert "Telefon im Quartier" not in text(nord, "/impressum/")


@pytest.mark.parametrize("state", [State.DRAFT, State.HIDDEN, State.SUSPENDED, State.ARCHIVED])
@pytest.mark.parametrize("path", PAGES)
def test_the_legal_pages_stay_open_whatever_the_state(
    nord: District, state: State, path: str
) -> None:
    operated(nord)
    put(nord.row, state)
    assert "Bürgerverein" in text(nord, "/impressum/")
    assert text(nord, path)


def test_the_privacy_page_says_how_long_and_who(nord: District) -> None:
    operated(nord)
    page = text(nord, "/datenschutz/")
    assert "6 Monate, nachdem" in page
    assert "Buchstabe\xa0f" in page
    districts.update(nord.row, actor=ACTOR, retention_months=1)
    assert "1 Monat, nachdem" in text(nord, "/datenschutz/")


def test_a_public_body_names_duty_monitoring_and_enforcement(nord: District) -> None:
    operated(nord)
    page = text(nord, "/barrierefreiheit/")
    assert "freiwillig" in page
    assert "Überwachungsstelle" not in page
    operator = nord.row.operator
    operator.is_public_body = True
    districts.save_operator(operator, actor=ACTOR)
    page = text(nord, "/barrierefreiheit/")
    assert "freiwillig" not in page
    for words in ("BITV 2.0", "bfit-sachsen@dzblesen.de", "Durchsetzungsstelle@sk.sachsen.de"):
        assert words in page
    assert "Buchstabe\xa0e" in text(nord, "/datenschutz/")


def test_known_gaps_are_told_and_a_barrier_can_be_reported(nord: District) -> None:
    operated(nord)
    assert "noch nicht vollständig geprüft" in text(nord, "/barrierefreiheit/")
    districts.update(nord.row, actor=ACTOR, accessibility_gaps="Videos ohne Untertitel.",
                     accessibility_checked_on=datetime.date(2026, 1, 2))  # fmt: skip
    page = text(nord, "/barrierefreiheit/")
    assert "Videos ohne Untertitel." in page
    assert "2.\xa0Januar 2026" in page
    assert 'href="/kontakt/?anliegen=barriere"' in page
    form = text(nord, "/kontakt/?anliegen=barriere")
    assert "Eine Barriere melden" in form
    assert 'name="kind" value="barrier"' in form


def test_what_is_missing_is_named(nord: District) -> None:
    assert legal.missing(nord.row) == ["Träger des Quartiers"]
    operated(nord, is_public_body=True)
    missing = legal.missing(nord.row)
    assert "Wer den Träger vertritt" in missing
    assert "Datenschutzbeauftragte Person des Trägers" in missing
    assert "Name des Trägers" not in missing


@pytest.mark.parametrize(
    "gap", ["legal_name", "address", "representative", "email", "phone", "news_editor"]
)
def test_each_gap_is_named_alone_and_none_where_all_is_known(nord: District, gap: str) -> None:
    known = {
        "representative": "Ada Nord", "email": "v@nord.example", "phone": "0341 1",
        "news_editor": "Ada Nord, Weg 1", "data_protection_officer": "Büro Recht",
    }  # fmt: skip
    operated(nord, is_public_body=True, **known)
    assert legal.missing(nord.row) == ["Wann die Barrierefreiheit zuletzt geprüft wurde"]
    districts.update(nord.row, actor=ACTOR, accessibility_checked_on=datetime.date(2026, 1, 2))
    assert legal.missing(nord.row) == []
    Operator.objects.update(**{gap: ""})
    assert legal.missing(nord.row) == [str(legal.IMPRINT_FIELDS[gap])]


def test_the_privacy_page_names_whom_to_ask_about_data(nord: District) -> None:
    operated(nord, data_protection_officer="Büro <Recht>\nWeg 2")
    page = text(nord, "/datenschutz/")
    assert "Büro &lt;Recht&gt;<br>Weg 2" in page
    assert "Bürgerverein Nord e. V." in page


@pytest.mark.parametrize("path", PAGES)
def test_signs_in_what_a_traeger_is_called_stay_signs(nord: District, path: str) -> None:
    evil = "<script>alert(1)</script>"
    operator = Operator(legal_name=evil, address=evil, representative=evil, news_editor=evil,
                        is_public_body=True)  # fmt: skip
    districts.save_operator(operator, actor=ACTOR)
    districts.update(nord.row, actor=ACTOR, operator=operator, accessibility_gaps=evil)
    page = text(nord, path)
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page
