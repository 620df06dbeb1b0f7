"""The platform's own legal pages: who runs it, and what it stores."""

import pytest
from django.test import Client

from tenants.districts import services as districts
from tenants.districts.models import Operator, PlatformOperator
from tests.cast import ACTOR, District


def read(platform: Client, path: str) -> str:
    answer = platform.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_the_platform_names_who_runs_it_and_nobody_elses_traeger(
    platform: Client, nord: District, sued: District
) -> None:
    other = Operator(legal_name="Verein Süd e. V.", address="Südweg 1\n04277 Leipzig")
    districts.save_operator(other, actor=ACTOR)
    for path in ("/impressum/", "/datenschutz/"):
        assert "Wer die Plattform betreibt, steht hier noch nicht." in read(platform, path)
    runs = PlatformOperator(
        legal_name="Stiftung Nord", address="Nordweg 1\n04105 Leipzig",
        email="post@stiftung-nord.example",
    )  # fmt: skip
    districts.save_platform_operator(runs, actor=ACTOR)
    for path in ("/impressum/", "/datenschutz/", "/en/impressum/", "/en/datenschutz/"):
        page = read(platform, path)
        assert "Stiftung Nord" in page
        assert "Verein Süd" not in page
    assert "post@stiftung-nord.example" in read(platform, "/barrierefreiheit/")
    runs.legal_name = "Stiftung Nord und Mitte"
    districts.save_platform_operator(runs, actor=ACTOR)
    assert "Stiftung Nord und Mitte" in read(platform, "/impressum/")


@pytest.mark.parametrize("path", ["/", "/so-geht-es/", "/quartiere/", "/quartier-anmelden/"])
def test_every_page_of_the_platform_leads_to_them(platform: Client, path: str) -> None:
    page = read(platform, path)
    for link in ("/impressum/", "/datenschutz/", "/barrierefreiheit/"):
        assert f'href="{link}"' in page


def test_a_districts_pages_name_its_own(nord: District) -> None:
    assert "Der Träger dieses Quartiers steht hier noch nicht." in str(
        nord.client().get("/impressum/").content.decode()
    )
