"""The same work for many districts, over several connections at once."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Lock
from typing import Generic, TypeVar

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


class Left(Generic[Item]):
    """What is still to be done, handed out to several threads."""

    def __init__(self, items: Sequence[Item], choose: Callable[[Sequence[Item]], int]) -> None:
        self._items, self._choose, self._choosing = list(items), choose, Lock()

    def take(self) -> Item | None:
        """Return the next one; None where nothing is left."""
        with self._choosing:
            return self._items.pop(self._choose(self._items)) if self._items else None


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
    left = Left(items, choose)
    done: SimpleQueue[Result | BaseException] = SimpleQueue()

    def drain() -> None:
        try:
            while (item := left.take()) is not None:
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
