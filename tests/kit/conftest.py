"""Two districts that have what the kit brings: a whole one, and one with its texts alone."""

import pytest

from tenants.kit import services
from tenants.provisioning import orders
from tests.cast import ACTOR, District
from wiq.accounts import services as accounts
from wiq.accounts.roles import Role


@pytest.fixture
def west(nord: District) -> District:
    orders.run(orders.place(slug="westviertel", name="Westviertel", city="Leipzig", actor=ACTOR))
    made = District("westviertel")
    with made.inside():
        accounts.create_account(email="coordinator@westviertel.example", role=Role.COORDINATOR)
    return made


@pytest.fixture
def texts(nord: District) -> District:
    """Nord, which has teams and topics of its own, with the texts of the kit: quicker than West."""
    services.apply_texts(nord.row, actor=ACTOR)
    return nord
