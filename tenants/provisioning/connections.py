"""The same work for many districts, over several connections at once."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Lock
from typing import TypeVar

from django.db import connection

from wiq.database.weight import let_go_if_heavy

# While PostgreSQL writes for one, it reads for another; more only wait for each other's locks.
CONNECTIONS = max(4, os.cpu_count() or 1)
FEW = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


def first_of(left: Sequence[object]) -> int:
    """Choose the first of those that are left."""
    return 0


def over_several(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    connections: int = CONNECTIONS,
    choose: Callable[[Sequence[Item]], int] = first_of,
) -> Iterator[Result]:
    """Yield the result of ``work`` for each item, as they come.

    ``choose`` is asked which place of those that are left comes next.
    ``work`` enters the district itself and raises nothing. A few items, and whatever happens in a
    transaction of the caller's, are done over the caller's own connection.
    """
    if len(items) <= FEW or connection.in_atomic_block:
        yield from map(work, items)
        return
    left, choosing = list(items), Lock()
    done: SimpleQueue[Result | BaseException] = SimpleQueue()

    def taken() -> Item | None:
        with choosing:
            return left.pop(choose(left)) if left else None

    def drain() -> None:
        try:
            while (item := taken()) is not None:
                done.put(work(item))
                let_go_if_heavy()
        except BaseException as error:
            done.put(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(connections, thread_name_prefix="districts") as pool:
        for _turn in range(connections):
            pool.submit(drain)
        for _item in items:
            result = done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
