"""Runs inside the older version: ten districts, what opens doors in them, and the dump.

older_database.py STATE TARGET
"""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wiq.embedded.postgres import packaged_binaries
from wiq.embedded.stack import servers
from wiq.embedded.state import State

state, target = Path(sys.argv[1]), Path(sys.argv[2])
FILL = """
import json
from datetime import UTC, datetime
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django_tenants.utils import tenant_context
from tenants.provisioning.services import create_district, publish
from tests.cast import ACTOR, fill, make_cast
from tests.isolation import routes, world
from wiq.accounts.models import User

make_cast()
places = [world._make(slug, letter) for slug, letter in world.LETTERS.items()]
for slug in ("dohle", "elster", "fink", "gimpel", "habicht"):
    row = create_district(slug=slug, name=slug.title(), city="Leipzig", actor=ACTOR)
    publish(row, actor=ACTOR)
    with tenant_context(row):
        fill(slug, {"shown": "Ada", "withdrawn": "Ben", "district": slug.title()})
facts = {"moment": datetime.now(UTC).isoformat(), "districts": 10, "doors": []}
for place in places:
    with tenant_context(place.row):
        user = User.objects.get(email=world.COORDINATOR)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
    client = Client(headers={"host": place.host})
    opened = {}
    for route in routes.routes(routes.DISTRICT):
        public = route.rule.reads == routes.ANYBODY and not route.has_parts
        if route.rule.is_secret or public:
            address = route.addresses(place.things | routes.general_things(), 0)
            status = client.get(address).status_code
            if status in (200, 302):
                opened[address] = status
    facts["doors"].append({"host": place.host, "session": session.session_key,
                           "tokens": place.tokens, "links": opened})
print(json.dumps(facts))
"""
state.mkdir(parents=True)
state.chmod(0o755)
target.mkdir()
with servers(State(state), throwaway=True) as stack:
    environment = stack.environment | {"EMAIL_URL": "smtp://127.0.0.1:1"}
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    environment["PYTHONPATH"] = os.environ["PYTHONPATH"] + os.pathsep + packages
    manage = [sys.executable, "-S", "manage.py"]
    subprocess.run([*manage, "migrate_districts"], env=environment, check=True)
    said = subprocess.run(
        [*manage, "shell", "--no-imports", "-c", FILL], env=environment, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    (target / "facts.json").write_text(said.stdout.splitlines()[-1])
    # Without owners and comments: what restores it is an owner who is no superuser.
    address = urlsplit(stack.environment["DATABASE_URL"])
    subprocess.run(
        [str(packaged_binaries() / "bin" / "pg_dump"), "-h", unquote(address.hostname or ""),
         "-U", str(address.username), "--no-owner", "--no-comments", "-f", str(target / "dump.sql"),
         "wiq"],
        check=True,
    )  # fmt: skip
