"""Asking the API of the platform's host, with a token or as anybody."""

from typing import Any

from django.test import Client


class Api:
    def __init__(self, token: str = "") -> None:
        headers = {"host": "localhost"} | ({"authorization": f"Bearer {token}"} if token else {})
        self.client = Client(headers=headers)

    def __call__(self, method: str, path: str, data: Any = None) -> Any:
        call = getattr(self.client, method)
        return call(f"/api/v1/{path}", data, content_type="application/json")


def path_of(url: str) -> str:
    return url.partition("/api/v1/")[2]
