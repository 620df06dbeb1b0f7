"""What no cache may keep: every answer to a token, to a write, and every refusal."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from api import urls_district, urls_platform
from api.caching import Unstored
from tests.api.asking import Api
from tests.api.test_platform import WISH
from tests.api.test_writing import send, with_token
from tests.cast import District


def views(patterns: list[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            assert isinstance(pattern, URLPattern)
            yield getattr(pattern.callback, "cls", None)


@pytest.mark.parametrize("urls", [urls_district, urls_platform])
def test_every_part_of_the_api_says_what_may_be_kept(urls: Any) -> None:
    found = list(views(urls.urlpatterns))
    assert len(found) > 10
    assert [view for view in found if not issubclass(view, Unstored)] == []


def test_the_answer_to_an_order_is_kept_by_no_cache(team: Api) -> None:
    answer = team("post", "districts/", WISH)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (202, "no-store")


@pytest.mark.parametrize("path", ["", "district", "topics", "teams", "events"])
def test_what_everybody_reads_may_be_kept_but_not_where_a_token_came(
    nord: District, path: str
) -> None:
    def reading(client: Any) -> Any:
        return client.get("/api/v1/") if not path else send(client, "get", path)

    public, ours = reading(nord.client()), reading(with_token(nord))
    assert (public.status_code, ours.status_code) == (200, 200)
    assert public.headers.get("Cache-Control") != "no-store"
    assert ours.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["districts/", "catalogue/", "districts/nirgends/"])
def test_on_the_platform_neither(team: Api, nord: District, path: str) -> None:
    assert team("get", path).headers["Cache-Control"] == "no-store"
    is_kept = Api()("get", path).headers.get("Cache-Control") != "no-store"
    assert is_kept is (path != "districts/nirgends/")
