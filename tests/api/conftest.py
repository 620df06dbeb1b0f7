"""Who asks the platform's API."""

import pytest

from tests.api.asking import Api
from tests.cast import District
from wiq.accounts import services as accounts
from wiq.accounts.models import User


@pytest.fixture
def team(nord: District) -> Api:
    return Api(accounts.create_token(User.objects.get(email="team@plattform.example")))
