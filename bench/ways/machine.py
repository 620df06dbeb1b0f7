"""A stack between real mail servers, broken while mails go both ways; then the sum."""

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from bench.faults.machine import ClockedStack, Machine
from bench.faults.schedule import BROKEN, Fault
from bench.ways.post import FORGERS, Conversation, Post, Signer, domain_of, forged, written
from tests.dns_server import DnsServer
from tests.inbound.servers import REPLY_DOMAIN, Servers, servers
from tests.stack.running import eventually, open_folder

DISTRICTS = ("leipziger-westen", "wege")
TEAMS = {slug: f"{slug}-team.example" for slug in DISTRICTS}
HOMES = {slug: f"{slug}-wohnt.example" for slug in DISTRICTS}
MESSAGES_EACH = 20
FORGERIES = 200
# Seconds between two faults: a supervisor gives up on what ends six times in a minute.
APART = 4.0
SETUP = """
import json
from django_tenants.utils import tenant_context
from directory.contact import services
from directory.conversations import addresses, writing
from directory.people.models import Team
from tenants.districts.models import District
for slug in {slugs}:
    with tenant_context(District.objects.get(slug=slug)):
        team, _new = Team.objects.get_or_create(
            kind="support", defaults={{"slug": "ut", "name": "Unterstützungsteam"}})
        team.contact_email, team.is_published = f"ut@{{slug}}-team.example", True
        team.save()
        for number in range({count}):
            found = services.record_call(
                team=None, name=f"Person {{number}}", email=f"p{{number}}@{{slug}}-wohnt.example",
                phone="", message="Guten Tag, eine Bank am Kanal bitte.", actor="bench")
            address = addresses.reply_address(writing.conversation_of(found))
            print("talk", json.dumps([slug, found.reference, found.email, team.contact_email, address]))
"""


@dataclass
class Sent:
    """What was sent: word → where it belongs, as which kind of entry."""

    talk: Conversation
    kind: str


@dataclass
class Sum:
    """What came out."""

    sent: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        state = "ok" if not self.wrong else f"FAILED {self.wrong[:10]}"
        return f"{state}: {self.sent} both ways in {self.seconds:.0f} s, {', '.join(self.faults)}"


class Ways(Machine):
    """The fault machine with Postfix and Dovecot in the place of its mail server."""

    def __init__(self, folder: Path, real: Servers, dns: DnsServer, **environment: str) -> None:
        self.real, self.breaks = real, []
        self.stack = ClockedStack(
            folder / "state",
            **{
                "EMAIL_URL": f"smtp://127.0.0.1:{real.smtp}", "WIQ_REPLY_DOMAIN": REPLY_DOMAIN,
                "WIQ_INBOUND_URL": real.url, "WIQ_DNS_SERVER": dns.address, **environment,
            },
        )  # fmt: skip
        self.stack.start()
        self._reach()
        self.signer = Signer(dns, *TEAMS.values(), *HOMES.values())
        self.post = Post(real.smtp)

    def close(self) -> None:
        self.stack.stop()

    def talks(self, count: int) -> list[Conversation]:
        """Make conversations, as many in each of two districts."""
        words = ("create_district", "wege", "--name", "Wege", "--city", "Leipzig", "--publish")
        self.stack.manage_command(*words)
        said = self.stack.manage(SETUP.format(slugs=DISTRICTS, count=count))
        lines = [line[5:] for line in said.splitlines() if line.startswith("talk ")]
        return [Conversation(*json.loads(line)) for line in lines]

    def flood(self, count: int, seed: int) -> Sum:
        """Send so many mails both ways while parts break, forgeries between; do the sum."""
        chance = random.Random(seed)
        talks = self.talks(max(2, -(-count // (MESSAGES_EACH * len(DISTRICTS)))))
        done, expected, began = Sum(count), {}, time.monotonic()
        quiet = threading.Event()
        breaking = threading.Thread(target=self._break, args=(chance, quiet, done.faults))
        breaking.start()
        try:
            for number in range(count):
                talk = talks[number % len(talks)]
                is_team = number // len(talks) % 2 == 0
                expected[f"wort{number}x"] = Sent(talk, "answer" if is_team else "message")
                self.say(talk, is_team, f"wort{number}x, schöne Grüße")
            for number in range(FORGERIES):
                talk = talks[number % len(talks)]
                self.post.send(forged(self.signer, talk, number), f"x@{FORGERS}", talk.address)
            self._machines_answer(talks)
        finally:
            quiet.set()
            breaking.join()
        eventually(self.stack.healthy, 90, "healthy after the last fault")
        self._drain(done, count)
        done.seconds = time.monotonic() - began
        self._judge_entries(done, expected)
        self._judge_mailboxes(done, expected)
        return done

    def settle(self) -> None:
        """Wait until no mail is on its way."""
        eventually(lambda: not self._on_the_way(), 120, "nothing is on its way")

    def say(self, talk: Conversation, is_team: bool, text: str) -> None:
        """Let one side write."""
        sender = talk.team if is_team else talk.resident
        mail = self.signer.signed(written(sender, talk.address, text), domain_of(sender))
        self.post.send(mail, sender, talk.address)

    def _machines_answer(self, talks: list[Conversation]) -> None:
        for talk in talks:
            away = written(talk.resident, talk.address, "abwesend", Auto_Submitted="auto-replied")
            mail = self.signer.signed(away, domain_of(talk.resident))
            self.post.send(mail, talk.resident, talk.address)

    def _break(self, chance: random.Random, quiet: threading.Event, told: list[str]) -> None:
        """Break one part after the other, each once in a round, until everything is sent."""
        while not told or not quiet.is_set():
            for kind in chance.sample([*BROKEN, "restart dovecot"], len(BROKEN) + 1):
                told.append(kind)
                if kind == "restart dovecot":
                    self.real.restart_dovecot()
                else:
                    self._begin(Fault(0, kind))
                time.sleep(APART)
            if not quiet.is_set():
                quiet.wait(40)

    def _drain(self, done: Sum, count: int) -> None:
        """Wait until everything came in and went out."""
        patience = 60 + 1.5 * (count + FORGERIES)
        try:
            eventually(lambda: not self._on_the_way(), patience, "everything arrived")
        except AssertionError as problem:
            done.wrong.append(f"{problem}; {len(self.real.files('wiq'))} mails not taken")

    def _on_the_way(self) -> bool:
        """Tell whether a mail is in Postfix, in our mailbox, or in the outbox."""
        time.sleep(0.4)
        # In the order in which mails travel, so that none slips from one place to another unseen.
        return any(
            self.real.queued() or self.real.files("wiq") or self._pending() for _again in range(2)
        )

    def _schemas(self) -> Iterator[tuple[str, str]]:
        for slug, schema in self._rows("SELECT slug, schema_name FROM districts_district"):
            if slug in DISTRICTS:
                yield slug, schema

    def _judge_entries(self, done: Sum, expected: dict[str, Sent]) -> None:
        """Each mail is one entry, of its own conversation and district; forgeries are none."""
        found: Counter[tuple[str, str, str, str]] = Counter()
        held: list[str] = []
        for slug, schema in self._schemas():
            rows = self._rows(
                f"""SELECT c.reference, e.kind, e.text FROM "{schema}".conversations_conversationentry e
                    JOIN "{schema}".conversations_conversation c ON c.id = e.conversation_id
                    WHERE e.via = 'mail'"""
            )
            found.update(
                (slug, reference, kind, text.partition(",")[0]) for reference, kind, text in rows
            )
            waits = f'SELECT text FROM "{schema}".conversations_heldmail WHERE done_at IS NULL'
            held += [text for (text,) in self._rows(waits)]
        wanted = Counter(
            (one.talk.slug, one.talk.reference, one.kind, word) for word, one in expected.items()
        )
        done.wrong += [f"lost or misplaced: {key}" for key in wanted - found]
        done.wrong += [f"too much: {key}" for key in found - wanted]
        words = {match[0] for text in held if (match := re.search(r"gefaelscht\d+x", text))}
        if len(words) != FORGERIES or len(held) != FORGERIES:
            done.wrong.append(f"{len(held)} held mails, {len(words)} of {FORGERIES} forgeries")

    def _judge_mailboxes(self, done: Sum, expected: dict[str, Sent]) -> None:
        """Each answer arrived at its resident alone, each reply at its team alone."""
        for slug in DISTRICTS:
            for kind, domain in (("answer", HOMES[slug]), ("message", TEAMS[slug])):
                got = dict(_words(self.real.files(domain)))
                for word, one in expected.items():
                    to = one.talk.resident if one.kind == "answer" else one.talk.team
                    belongs = one.talk.slug == slug and one.kind == kind
                    if belongs and got.get(word) != {to}:
                        done.wrong.append(f"{word} reached {got.get(word)} instead of {to}")
                    if not belongs and word in got:
                        done.wrong.append(f"{word} came to {domain}")
                if any(word.startswith("gefaelscht") for word in got):
                    done.wrong.append(f"a forgery came to {domain}")


def _words(files: list[Path]) -> Iterator[tuple[str, set[str]]]:
    """Return each word that came in the mails, with the addresses it came to."""
    found: dict[str, set[str]] = {}
    for file in files:
        mail = cast(EmailMessage, message_from_bytes(file.read_bytes(), policy=policy.default))
        part = mail.get_body(("plain",))
        text: Any = part.get_content() if part is not None else ""
        for word in re.findall(r"(?:wort|gefaelscht)\d+x", text):
            found.setdefault(word, set()).add(str(mail["To"]))
    yield from found.items()


@contextmanager
def opened(**environment: str) -> Iterator[Ways]:
    """Start the servers and the stack; stop them after."""
    dns = DnsServer()
    with servers(*TEAMS.values(), *HOMES.values()) as real, open_folder("wiq-ways-") as folder:
        ways = Ways(folder, real, dns, **environment)
        try:
            yield ways
        finally:
            ways.close()
            dns.socket.close()
