"""How long an answer takes from the team's mail program to the resident's mailbox.

    .venv/bin/python -m bench.ways [MAILS]          by IDLE, then by webhook (40 each)
    .venv/bin/python -m bench.ways --flood COUNT    the proof of bench.ways.machine, by hand

Real Postfix and Dovecot on this machine, as root; both ways end when Dovecot has written the mail
into the resident's mailbox. By webhook the mail program's server hands over each mail itself.
"""

import argparse
import json
import random
import statistics
import sys
import time
import urllib.request

from bench.ways.machine import HOMES, Ways, opened
from bench.ways.post import Conversation, domain_of, written

TOKEN = "w" * 40
PATIENCE = 30.0


def arrived(ways: Ways, talk: Conversation, word: str, known: set[str]) -> bool:
    """Tell whether a word stands in a mail that came since."""
    for file in ways.real.files(HOMES[talk.slug]):
        if file.name in known:
            continue
        if word.encode() in file.read_bytes():
            return True
    return False


def hand_over(ways: Ways, talk: Conversation, text: str) -> None:
    """Hand a mail over as the receiving server does (docs/howto/mail.md)."""
    mail = ways.signer.signed(written(talk.team, talk.address, text), domain_of(talk.team))
    request = urllib.request.Request(
        f"http://127.0.0.1:{ways.stack.port}/api/v1/inbound/", mail,
        {"Host": "localhost", "Content-Type": "message/rfc822", "Authorization": f"Bearer {TOKEN}"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert json.load(answer) == {"outcome": "joined"}


def measure(ways: Ways, talks: list[Conversation], by_webhook: bool) -> list[float]:
    """Send one answer to each conversation, and wait for each; return the seconds."""
    taken = []
    for number, talk in enumerate(talks):
        known = {file.name for file in ways.real.files(HOMES[talk.slug])}
        word = f"{'haken' if by_webhook else 'kasten'}{number}x"
        began = time.monotonic()
        if by_webhook:
            hand_over(ways, talk, f"{word} Gern.")
        else:
            ways.say(talk, True, f"{word} Gern.")
        while not arrived(ways, talk, word, known):
            if time.monotonic() - began > PATIENCE:
                raise AssertionError(f"{word} did not arrive")
            time.sleep(0.01)
        taken.append(time.monotonic() - began)
        time.sleep(0.3)
    return taken


def figures(taken: list[float]) -> dict[str, float]:
    return {
        "median, s": round(statistics.median(taken), 2),
        "95 of 100, s": round(sorted(taken)[int(len(taken) * 0.95)], 2),
        "most, s": round(max(taken), 2),
    }


def main() -> int:
    """Measure, or prove."""
    parser = argparse.ArgumentParser(prog="bench.ways")
    parser.add_argument("mails", type=int, nargs="?", default=40)
    parser.add_argument("--flood", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    with opened(WIQ_INBOUND_TOKEN=TOKEN) as ways:
        if options.flood:
            done = ways.flood(options.flood, options.seed)
            print(f"seed {options.seed}: {done}")
            return 1 if done.wrong else 0
        talks = ways.talks(max(1, options.mails // 2))
        # The confirmations and the team's own mails go first.
        ways.settle()
        found = {
            "IDLE": figures(measure(ways, talks, by_webhook=False)),
            "webhook": figures(measure(ways, talks, by_webhook=True)),
        }
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
