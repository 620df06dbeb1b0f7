"""Whether anybody notices an upgrade and its taking back: two versions behind real proxies.

    .venv/bin/python -m bench.rolling [REQUESTS]   (after `python3 run.py lint`; 10000)

Needs the programs caddy and haproxy. A database of an older version is brought to this one while
two web servers and two workers of the older one work; then each is replaced by this version, each
goes back to the older one, and forward again, the way platform/deploy/upgrade does it. Meanwhile
visitors read pages and send messages through both proxies, REQUESTS through each, one in twenty a
message. At the end every message is there once, and its writer was mailed once.

OLDER is a commit before seven migrations. It has no way to leave its proxies yet, so it gets this
version's serving/ on top; everything else of it, pages and tables, is its own.
"""

import json
import mailbox
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deploy.machines import Machines, machines
from tests.deploy.proxies import both
from tests.deploy.visitors import Visitors
from tests.stack.running import ROOT, eventually

REQUESTS = 10_000
OLDER = "f19eff8^"
SERVING = (
    *("platform/wiq/serving", "platform/wiq/page_cache", "platform/wiq/rsgi.py"),
    *("platform/wiq/database/standby.py", "platform/wiq/database/standing.py"),
)
ROLLED = ("web-1", "web-2", "worker-1", "worker-2", "beat-1")
KEPT = """
from django.db import connection
from tenants.districts.models import District
from django_tenants.utils import tenant_context
from directory.contact.models import ContactRequest
from wiq.outbox.models import Pointer
found = []
for district in District.objects.filter(slug__in=("leipziger-westen", "leipziger-osten")):
    with tenant_context(district):
        rows = ContactRequest.objects.filter(email__endswith="@wechsel.example")
        found += rows.values_list("reference", flat=True)
import json
print(json.dumps({"references": found, "waiting": Pointer.objects.filter(state="pending").count()}))
"""


@contextmanager
def older_version(folder: Path, commit: str = OLDER) -> Iterator[Path]:
    """Check out an older version beside this one."""
    code = folder / "older"
    git = ["git", "-C", str(ROOT)]
    subprocess.run([*git, "worktree", "add", "--detach", "--quiet", code, commit], check=True)
    try:
        for name in SERVING:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, code / name, dirs_exist_ok=True)
            else:
                shutil.copy(ROOT / name, code / name)
        yield code
    finally:
        subprocess.run([*git, "worktree", "remove", "--force", code], check=True)


def roll(made: Machines, code: Path) -> float:
    """Replace all processes by those of a version, one after the other; return the seconds."""
    began = time.monotonic()
    for name in ROLLED:
        made.roll(name, code)
    return round(time.monotonic() - began, 1)


def mails(made: Machines) -> Counter[str]:
    """Return how often each visitor of this run was mailed that the message has arrived."""
    box = mailbox.Maildir(made.owner["WIQ_MAIL_CATCHER"], create=False)
    written_to = [str(mail["To"]) for _key, mail in box.iteritems()]
    return Counter(to for to in written_to if "@wechsel.example" in to)


def main(requests: int) -> None:
    """Run the upgrade, its taking back and the upgrade again; print what visitors saw."""
    with machines() as made, older_version(made.folder) as older:
        made.manage(older, "prepare_stack", "--demo")
        for name in ROLLED:
            made.start(name, older)
        web = [made.ports[name] for name in ROLLED if name.startswith("web")]
        with both(web, made.folder) as ports:
            asking = {name: Visitors(port, 50 + n) for n, (name, port) in enumerate(ports.items())}
            for each in asking.values():
                each.start()
            began = time.monotonic()
            made.manage(ROOT, "migrate_districts", "--strict")
            told = {"migrate": round(time.monotonic() - began, 1)}
            for word, code in (("upgrade", ROOT), ("rollback", older), ("upgrade again", ROOT)):
                told[word] = roll(made, code)
            while any(each.asked < requests for each in asking.values()):
                time.sleep(1)
            for each in asking.values():
                each.stop()
        print(json.dumps({"seconds": told}))
        for name, each in asking.items():
            words = {"asked": each.asked, "answered": dict(each.answers),
                     "failed": each.failed[:5], "failures": len(each.failed),
                     "slowest": round(each.slowest, 1)}  # fmt: skip
            print(json.dumps({name: words}))
        judge(made, sorted(r for each in asking.values() for r in each.references))


def judge(made: Machines, references: list[str]) -> None:
    """Compare what visitors were told with what is kept and was mailed."""
    ask = ("shell", "--no-imports", "-c", KEPT)
    eventually(lambda: json.loads(made.manage(ROOT, *ask))["waiting"] == 0, 300, "mails")
    kept = sorted(json.loads(made.manage(ROOT, *ask))["references"])
    sent = mails(made)
    print(json.dumps({
        "messages": len(references), "kept": len(kept), "the same": kept == references,
        "writers mailed": len(sent), "twice": sum(n - 1 for n in sent.values()),
    }))  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS)
