"""A database of somebody else's: its owner is no superuser, only allowed to create roles."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.stack.running import ROOT, open_folder
from wiq.embedded import postgres
from wiq.embedded.stack import Stack, servers
from wiq.embedded.state import State

pytestmark = pytest.mark.thorough


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    with open_folder("wiq-owner-") as folder, servers(State(folder), throwaway=True) as stack:
        yield stack


def manage(
    stack: Stack, login: str, *words: str, database: str = "theirs"
) -> "subprocess.CompletedProcess[str]":
    address = stack.environment["DATABASE_URL"]
    place = address.removesuffix("/wiq").replace("//wiq@", f"//{login}@")
    changed = {
        "DATABASE_URL": f"{place}/{database}",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env=os.environ | stack.environment | changed, capture_output=True, text=True,
    )  # fmt: skip


def test_an_owner_who_may_create_roles_makes_districts_and_web_works_in_them(
    stack: Stack,
) -> None:
    address = stack.environment["DATABASE_URL"].replace("postgres://wiq@", "postgresql://postgres@")
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("CREATE ROLE their_owner LOGIN")
        server.execute("CREATE DATABASE theirs OWNER their_owner")
        refused = manage(stack, "their_owner", "migrate_districts")
        assert refused.returncode == 1
        assert "may not create roles" in refused.stderr
        assert "Traceback" not in refused.stderr
        server.execute("ALTER ROLE their_owner CREATEROLE")
    migrated = manage(stack, "their_owner", "migrate_districts")
    assert migrated.returncode == 0, migrated.stderr
    for slug in ("nord", "sued"):
        made = manage(stack, "their_owner", "create_district", slug, "--name", slug, "--city",
                      "Leipzig", "--coordinator", f"k@{slug}.example", "--publish")  # fmt: skip
        assert made.returncode == 0, made.stderr
    found = manage(stack, "wiq_app", "create_api_token", "--district", "nord", "k@nord.example")
    assert found.returncode == 0, found.stderr
    # Web and worker make districts too, by the owner's function.
    made = manage(stack, "wiq_app", "create_district", "west", "--name", "West", "--city", "L")
    assert made.returncode == 0, made.stderr
    looked = manage(stack, "wiq_app", "shell", "--no-imports", "-c",
                    "from tenants.provisioning import template; print(template.differences())")  # fmt: skip
    assert looked.stdout.strip() == "{}", looked.stderr
    again = manage(stack, "their_owner", "migrate_districts")
    assert again.returncode == 0, again.stderr
    nobody = manage(stack, "wiq_app", "migrate_districts")
    assert nobody.returncode == 1
    assert "may not create roles" in nobody.stderr


SUPERUSERS = "SELECT array_agg(rolname ORDER BY rolname) FROM pg_roles WHERE rolsuper"
NOT_OURS = """
    SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'S') AND relowner <> 'wiq'::regrole
    AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(public|wiq_template|d_.*)$')"""


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> Iterator[State]:
    """The state folder of a stack whose one login was a superuser, with a district in it."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    with open_folder("wiq-older-") as folder:
        state = State(folder / "state")
        with monkeypatch.context() as patch:
            patch.setattr(postgres, "SUPERUSER", "wiq")
            with servers(state, throwaway=True) as stack:
                assert manage(stack, "wiq", "migrate_districts", database="wiq").returncode == 0
                make(stack, "wiq", "nord", database="wiq")
        marker = next(folder.glob("**/wiq-owner"), None) or next(Path("/var/lib/wiq").glob(
            f"state-{state.kept('id', 6)}/postgresql/wiq-owner"))  # fmt: skip
        marker.rename(marker.with_name("wiq-database"))
        yield state


def make(stack: Stack, login: str, slug: str, **where: str) -> None:
    made = manage(stack, login, "create_district", slug, "--name", slug, "--city", "L", **where)
    assert made.returncode == 0, made.stderr


def test_a_stack_of_before_hands_over_to_an_owner_without_a_superusers_rights(
    older: State,
) -> None:
    for _start in range(2):
        with servers(older, throwaway=True) as stack:
            address = stack.environment["DATABASE_URL"].replace("postgres://", "postgresql://")
            with psycopg.connect(address) as server:
                assert server.execute(SUPERUSERS).fetchone() == (["postgres", "wiq_before"],)
                assert server.execute(NOT_OURS).fetchone() == (0,)
            migrated = manage(stack, "wiq", "migrate_districts", "-v", "2", database="wiq")
            assert migrated.returncode == 0, migrated.stderr
            assert "nord: 0 migrations" in migrated.stdout or _start
            if not _start:
                make(stack, "wiq_app", "sued", database="wiq")
                for slug in ("nord", "sued"):
                    removed = manage(stack, "wiq_app", "delete_district", slug, "--confirm",
                                     f"{slug}.localhost", database="wiq")  # fmt: skip
                    assert removed.returncode == 0, removed.stderr
