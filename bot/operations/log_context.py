"""What every line of the log is about while something is done: its conversation, turn or request.

It follows the work through awaits and into the tasks that the work starts, and into no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_about: ContextVar[Mapping[str, str]] = ContextVar("about")


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """Lines logged within the block carry these too. Ids only, never what anybody said."""
    before = _about.set({**known(), **ids})
    try:
        yield
    finally:
        _about.reset(before)


def known() -> Mapping[str, str]:
    """What lines that are logged here carry."""
    return _about.get({})
