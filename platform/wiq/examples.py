"""What a demo district has that no file can hold, for it depends on today: ``examples.py``.

A district's file brings fixed days; dates of a demo lie some days ahead, whenever it is started.
"""

from collections.abc import Callable

from wiq.rooms import Registry

# Gets a demo district's slug, in its schema; makes nothing for slugs that it does not know.
Example = Callable[[str], None]

examples: Registry[Example] = Registry("examples")


def make(slug: str) -> None:
    """Make every room's examples for a new demo district, in its schema."""
    for example in examples:
        example(slug)
