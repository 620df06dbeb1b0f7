"""A district that has the texts of the kit, and nothing else of it."""

import pytest

from tenants.kit import services
from tests.cast import ACTOR, District


@pytest.fixture
def texts(nord: District) -> District:
    """Nord, which has teams and topics of its own, with the texts of the kit: quicker than West."""
    services.apply_texts(nord.row, actor=ACTOR)
    return nord
