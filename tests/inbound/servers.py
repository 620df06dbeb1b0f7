"""Real Postfix and Dovecot in a folder of their own, where the machine has them."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.stack.running import eventually, free_port, open_folder

REPLY_DOMAIN = "antwort.wiq.example"
# Everything at this domain is refused once Postfix hands it on.
ELSEWHERE = "anderswo.example"
ARE_THERE = os.geteuid() == 0 and all(map(shutil.which, ("postfix", "dovecot")))
SERVICES = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp flags=O
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""
POSTFIX = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = /
myhostname = mx.wiq.example
mydestination =
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
virtual_mailbox_domains = mailbox.internal
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
virtual_alias_maps = regexp:{folder}/aliases
virtual_alias_domains = {reply} {domains}
transport_maps = inline:{{ {elsewhere}=smtp:[127.0.0.1]:{refusing} }}
smtp_tls_security_level = none
minimal_backoff_time = 5s
maximal_backoff_time = 10s
queue_run_delay = 5s
"""
DOVECOT = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password=geheim
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


@dataclass
class Servers:
    """Where they listen, and where Dovecot keeps its mails."""

    smtp: int
    imap: int
    folder: Path

    @property
    def url(self) -> str:
        return f"imap://wiq%40mailbox.internal:geheim@127.0.0.1:{self.imap}/INBOX"

    def files(self, name: str) -> list[Path]:
        """Return the mails of a mailbox: of a domain's, or of ``wiq``."""
        folder = self.folder / "mail" / f"{name}@mailbox.internal"
        return [file for part in ("new", "cur") for file in (folder / part).glob("*")]

    def queued(self) -> int:
        """Return how many mails Postfix still holds."""
        folders = (self.folder / "queue" / name for name in ("incoming", "active", "deferred"))
        return sum(1 for folder in folders for file in folder.rglob("*") if file.is_file())

    def restart_dovecot(self) -> None:
        """Let Dovecot be away for a moment."""
        _stop_dovecot(self.folder)
        _run("dovecot", "-c", str(self.folder / "dovecot.conf"))


class NobodyThere:
    """A server that knows nobody."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, *rest: Any) -> str:
        return f"550 5.1.1 <{rest[0]}>: Recipient address rejected: User unknown"


@contextmanager
def servers(*domains: str) -> Iterator[Servers]:
    """Start both, with somebody elsewhere who refuses; stop them after.

    Mails to ``domains`` arrive, too, in one mailbox for each.
    """
    refusing = Controller(NobodyThere(), hostname="127.0.0.1", port=free_port())
    refusing.start()
    ports: dict[str, Any] = {"smtp": free_port(), "imap": free_port(), "lmtp": free_port()}
    with open_folder("wiq-mail-") as folder:
        values = {"folder": folder, "reply": REPLY_DOMAIN, "elsewhere": ELSEWHERE} | ports
        values |= {"refusing": refusing.port, "domains": " ".join(domains)}
        config = _write(folder, values, domains)
        processes = [
            ["postfix", "-c", str(config)],
            ["dovecot", "-c", str(folder / "dovecot.conf")],
        ]
        try:
            _run(*processes[0], "start")
            _run(*processes[1])
            eventually(lambda: (folder / "run/master.pid").exists(), 10, "Dovecot")
            yield Servers(ports["smtp"], ports["imap"], folder)
        finally:
            _run(*processes[0], "stop")
            _stop_dovecot(folder)
            refusing.stop()


def _stop_dovecot(folder: Path) -> None:
    """Stop Dovecot and wait for its end: ``doveadm stop`` itself waits 3 s and then gives up."""
    process = folder / "run/master.pid"
    os.kill(int(process.read_text()), signal.SIGTERM)
    eventually(lambda: not process.exists(), 20, "Dovecot's end")


def _run(*command: str) -> None:
    """Run a command. What it starts in the background must not hold our pipes."""
    subprocess.run(command, check=True, timeout=20, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)  # fmt: skip


def _write(folder: Path, values: dict[str, Any], domains: Iterable[str]) -> Path:
    for name in ("queue", "data", "mail", "run", "postfix"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "nobody")
    config = folder / "postfix"
    (config / "main.cf").write_text(POSTFIX.format(**values))
    (config / "master.cf").write_text(SERVICES.format(**values))
    # "/" at the end of a pattern, as in docs/howto/mail.md.
    mailboxes = {REPLY_DOMAIN: "wiq", **{domain: domain for domain in domains}}
    lines = [
        f"/@{domain.replace('.', chr(92) + '.')}$/  {name}@mailbox.internal\n"
        for domain, name in mailboxes.items()
    ]
    (folder / "aliases").write_text("".join(lines))
    (folder / "dovecot.conf").write_text(DOVECOT.format(**values))
    return config
