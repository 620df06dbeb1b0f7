"""The mails that the embedded catcher took for the reply domain."""

import mailbox
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

FOLDER = "inbound"
EVERY_SECONDS = 0.5


class Maildir:
    """A folder beside the catcher's own, from which a mail goes once it is taken."""

    def __init__(self, folder: Path) -> None:
        self.box = mailbox.Maildir(folder, create=True).add_folder(FOLDER)
        self.new = folder / f".{FOLDER}" / "new"

    def waiting(self) -> list[str]:
        """Return the keys of the mails that wait, the oldest first."""
        found = sorted(self.new.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return [file.name for file in found]

    def content(self, key: str) -> bytes:
        """Return one mail as it came."""
        return (self.new / key).read_bytes()

    def done(self, key: str) -> None:
        """Let a mail go that was taken."""
        (self.new / key).unlink(missing_ok=True)

    def leave(self, key: str) -> None:
        """Put a mail aside, for somebody to look at."""
        (self.new / key).rename(self.new.parent / "cur" / f"{key}:2,F")

    def pass_over(self, key: str) -> None:
        """Let a mail go that is for nobody here: the catcher has it, too."""
        self.done(key)

    def wait(self, stop: threading.Event) -> None:
        """Wait for a mail, or until asked to stop."""
        while not stop.is_set() and not any(self.new.iterdir()):
            stop.wait(EVERY_SECONDS)


@contextmanager
def opened() -> Iterator[Maildir]:
    """Open the catcher's folder."""
    yield Maildir(Path(settings.WIQ_MAIL_CATCHER))
