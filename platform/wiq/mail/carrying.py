"""What else goes with a mail: ``carrying.py`` of the rooms says which files."""

from collections.abc import Callable
from dataclasses import dataclass

from wiq.mail.models import Message
from wiq.rooms import Registry


@dataclass(frozen=True)
class Carried:
    """A file on its way, whose kind nobody here looked at."""

    name: str
    content: bytes
    kind: str = "application/octet-stream"


carriers: Registry[Callable[[Message], list[Carried]]] = Registry("carrying")


def carried_by(message: Message) -> list[Carried]:
    """Return the files of a mail that a person wrote; a program's never has any."""
    return [file for files_of in carriers for file in files_of(message)]
