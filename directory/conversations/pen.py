"""The holding pen as it is read: each mail with what can be done about it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Func, OuterRef, TextField, Value
from django.db.models.functions import Concat

from directory.conversations import authorities
from directory.conversations.incoming import is_same
from directory.conversations.models import Attachment, HeldMail
from directory.conversations.reading import FILE_FIELDS
from directory.conversations.services import colleagues
from directory.conversations.sorts import known_sort, sorts
from wiq.database.together import Found, Wanted, columns_of, read_together


@dataclass(frozen=True)
class Waiting:
    """A mail that waits, its files, and whether it can be an answer of the team."""

    mail: HeldMail
    files: list[Attachment]
    is_of_team: bool
    can_join: bool
    # Its sender may belong to an authority that was written to: the part after the @ is the same.
    can_be_authority: bool = False


def wanted(rows: Any) -> list[Wanted]:
    """Return the questions for the mails of a queryset that nobody has looked after yet."""
    domain: Any = Func(
        OuterRef("sender"), Value("@"), Value(-1), function="split_part", output_field=TextField()
    )
    letters = authorities.letters_to(OuterRef("conversation"))
    asked = letters.filter(written_to__iendswith=Concat(Value("@"), domain))
    mails = rows.filter(done_at=None).annotate(authority_asked=Exists(asked)).order_by("at", "pk")
    about = [f"conversation__{name}" for name in ("about_type", "about_id", "reference", "name")]
    files = Attachment.objects.without_content().filter(held__in=mails.order_by())
    return [
        Wanted(mails, [*columns_of(HeldMail), *about, "authority_asked"]),
        Wanted(files, FILE_FIELDS),
    ]


def shown(mails: Found, files: Found, about: Any, accounts: list[Any]) -> list[Waiting]:
    """Return the mails as they are read; ``about`` has the submissions by kind and number.

    ``accounts`` are the colleagues. Asks for the addresses of the team once for all submissions
    that are addressed alike.
    """
    team = {account.email for account in accounts}
    known: dict[Any, list[str]] = {}
    found = []
    for mail in mails.rows:
        own = [file for file in files.rows if file.held_id == mail.pk]
        row = about.get((mail.conversation.about_type, mail.conversation.about_id))
        if row is None or row.anonymised_at is not None:
            found.append(Waiting(mail, own, is_of_team=False, can_join=False))
            continue
        links = [getattr(row, field.attname) for field in row._meta.fields if field.is_relation]
        whom = (getattr(row, "kind", ""), *links)
        if (type(row), whom) not in known:
            known[type(row), whom] = known_sort(row).addressees(row)
        addresses = [*team, *known[type(row), whom]]
        is_theirs = any(is_same(mail.sender, one) for one in addresses)
        found.append(
            Waiting(
                mail, own, is_of_team=is_theirs, can_join=True,
                can_be_authority=mail.authority_asked,
            )
        )  # fmt: skip
    return found


def waiting(rows: Any) -> list[Waiting]:
    """Return the mails of a queryset that nobody has looked after yet, oldest first."""
    mails, files = read_together(wanted(rows))
    return shown(mails, files, _about(mail.conversation for mail in mails.rows), colleagues())


def _about(conversations: Any) -> dict[tuple[str, int], Any]:
    """Return what conversations are about, with one statement for each sort."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for conversation in conversations:
        numbers[conversation.about_type].add(conversation.about_id)
    return {
        (sort.kind, row.pk): row
        for sort in sorts
        if sort.kind in numbers
        for row in submissions(sort).filter(pk__in=numbers[sort.kind])
    }


def submissions(sort: Any) -> Any:
    """Return the rows that a sort is about, each with the teams it is addressed to."""
    names = [field.name for field in sort.model._meta.fields if field.name.endswith("team")]
    return sort.model._default_manager.select_related(*names)
