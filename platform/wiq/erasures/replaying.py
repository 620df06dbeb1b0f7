"""Erasing again, after a restore or an import, what the ledger says was erased before."""

from collections import defaultdict
from collections.abc import Iterable

import structlog
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import transaction
from django.utils import timezone

from wiq.audit import services as audit
from wiq.erasures import ledger, services
from wiq.erasures.models import Erasure
from wiq.erasures.repeats import Repeat, repeats

log = structlog.get_logger(__name__)


def missing(lines: Iterable[ledger.Line]) -> list[ledger.Line]:
    """Return the lines of which the current district knows nothing."""
    found = {line.uuid: line for line in lines}
    known = Erasure.objects.filter(pk__in=list(found)).values_list("pk", flat=True)
    for uuid in known:
        found.pop(str(uuid), None)
    return list(found.values())


@transaction.atomic
def again(lines: Iterable[ledger.Line]) -> int:
    """Do in the current district what these lines say and it does not know; return how many.

    All or nothing: whoever stops half-way finds everything missing the next time.
    """
    todo = missing(lines)
    if not todo:
        return 0
    marks: dict[str, set[str]] = defaultdict(set)
    for line in todo:
        marks[line.kind].add(line.mark)
    key = services.key_of(services.here())
    erased = 0
    with services.doing_again():
        for repeat in repeats:
            if repeat.kind not in marks:
                continue
            for word in list(repeat.words()):
                if services.mark_of(key, repeat.kind, word) in marks[repeat.kind]:
                    erased += _erased(repeat, word)
    Erasure.objects.bulk_create(
        [
            Erasure(
                pk=line.uuid, kind=line.kind, mark=line.mark, at=line.at, written_at=timezone.now()
            )
            for line in todo
        ],
        batch_size=1000,
    )
    counts = {"missing": len(todo), "erased": erased}
    audit.record_change("subject.erased_again", None, details=counts)
    return len(todo)


def adopt() -> int:
    """After an import: erase what was erased since the file was written; return how much.

    The file brings the key of its district along, and so this platform's ledger knows which lines
    are about it, whatever schema it had.
    """
    key = services.name_of_key(services.key_of(services.here()))
    return again(line for line in ledger.lines() if line.key == key)


def _erased(repeat: Repeat, word: str) -> int:
    """Erase one again; tell whether there was something that could be erased."""
    try:
        with transaction.atomic():
            repeat.again(word)
    except ObjectDoesNotExist:  # gone with another
        return 0
    except ValidationError:
        # The last coordinator of a restored district, for instance, has to stay.
        log.error("erasures.kept", kind=repeat.kind)
        return 0
    return 1
