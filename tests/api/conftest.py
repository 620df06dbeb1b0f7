"""Who asks the platform's API."""

import pytest

from tests.api.asking import Api
from tests.cast import District, project_team
from wiq.accounts import services as accounts


@pytest.fixture
def team(nord: District) -> Api:
    return Api(accounts.create_token(project_team()))
