"""What is left of an error before Sentry gets it, and how a release is called."""

import re
from types import SimpleNamespace

from wiq.reporting import masked
from wiq.version import VERSION, commit, release


def test_of_an_address_the_path_is_told_without_query_and_token() -> None:
    token = "x7Kq" * 8
    event = {
        "request": {
            "method": "GET", "url": f"https://nord.example/kontakt/{token}/?name=Erika",
            "query_string": "name=Erika", "headers": {"Cookie": "a=b"}, "env": {"REMOTE_ADDR": "::1"},
        },
        "user": {"ip_address": "::1"}, "server_name": "erikas-rechner", "modules": {"a": "1"},
        "extra": {"celery-job": {"args": ["erika@example.org"]}}, "breadcrumbs": {"values": [1]},
        "logentry": {"message": "mail to %s", "params": ["e@x.org"], "formatted": "mail to e@x.org"},
        "exception": {"values": [{"type": "ValueError", "value": "who is erika@example.org ?"}]},
        "transaction": f"/kontakt/{token}/", "level": "error",
    }  # fmt: skip
    assert masked(event, {}) == {
        "request": {"method": "GET", "url": "https://nord.example/kontakt/<token>/"},
        "logentry": {"message": "mail to <e-mail>"},
        "exception": {"values": [{"type": "ValueError", "value": "who is <e-mail> ?"}]},
        "transaction": "/kontakt/<token>/", "level": "error", "contexts": {},
    }  # fmt: skip


def test_an_entry_of_our_logs_is_told_by_its_name() -> None:
    record = SimpleNamespace(msg={"event": "inbound.not_taken", "exception": "to e@example.org"})
    told = masked({"logentry": {"message": str(record.msg)}}, {"log_record": record})
    assert told["logentry"] == {"message": "inbound.not_taken"}
    assert told["extra"] == {"exception": "to <e-mail>"}


def test_the_release_is_the_version_and_the_commit_that_runs() -> None:
    assert release() == f"wiq@{VERSION}" + (f"+{commit()}" if commit() else "")
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    assert re.fullmatch(r"[0-9a-f]{12}|", commit())
